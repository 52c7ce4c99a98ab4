using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The one way in for a job: judges the spec, claims its output, and creates or continues the job.</summary>
public sealed class JobSubmission(
    JobSpecValidator validator, ObjectStores stores, JobStore jobs, IdempotencyKeys keys, TenantStore tenants, TenantQuota quota, ILogger<JobSubmission> logger)
{
    /// <summary>Submits a spec as a person wrote it.</summary>
    /// <exception cref="JobSpecException">Lists everything wrong with the spec; nothing was created or claimed.</exception>
    public Task<StartedJob> SubmitAsync(JobSpec spec, CancellationToken cancellationToken) =>
        SubmitAsync(new SpecReading(spec, []), null, cancellationToken);

    /// <summary>The same, once for a key: sent again, it gives the job as it is, and continues nothing.</summary>
    /// <exception cref="JobSpecException">Lists everything wrong with the spec; nothing was created or claimed.</exception>
    /// <exception cref="QuotaException">Its tenant has all the jobs that it may have.</exception>
    /// <exception cref="IdempotencyException">The key stands for another request, or the same one is being handled.</exception>
    public async Task<StartedJob> SubmitOnceAsync(string key, SpecReading reading, string? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        // Two tenants may choose the same key.
        key = tenant is null ? key : $"{tenant}/{key}";
        var request = JobSpecJson.Write(SpecNormalizer.Normalize(reading.Spec) with { Schedule = reading.Spec.Schedule });
        if (keys.Begin(key, request) is { } jobId && jobs.Find(jobId) is { } known)
        {
            return new StartedJob(known, StartKind.Unchanged);
        }

        try
        {
            var started = await SubmitAsync(reading, tenant, cancellationToken);
            keys.Complete(key, request, started.Job.Id);
            return started;
        }
        catch
        {
            keys.Abandon(key);
            throw;
        }
    }

    /// <inheritdoc cref="SubmitAsync(JobSpec, CancellationToken)"/>
    /// <exception cref="QuotaException">Its tenant has all the jobs that it may have.</exception>
    public async Task<StartedJob> SubmitAsync(SpecReading reading, string? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var schedule = reading.Spec.Schedule;
        var spec = SpecNormalizer.Normalize(reading.Spec);
        var jobId = JobId.Of(spec);

        // A job that runs or is complete needs no second judgement: its source may have been moved away since.
        var isLost = false;
        var existing = reading.Faults.Count == 0 ? jobs.Find(jobId) : null;
        ThrowIfOthers(existing, tenant);
        if (existing is not null && !existing.State.CanContinue())
        {
            isLost = await IsLostAsync(existing, cancellationToken);
            if (!isLost)
            {
                return new StartedJob(existing, StartKind.Unchanged);
            }
        }

        var limits = tenant is null ? null : tenants.Find(tenant);
        await validator.ThrowIfFaultyAsync(reading with { Spec = spec with { Schedule = schedule } }, limits, cancellationToken);

        // Before anything is claimed; and once more where nobody else can be the last that fits.
        quota.AssertJobFits(tenant, jobId);
        await ClaimAsync(jobId, spec, cancellationToken);
        using var held = quota.Hold(tenant);
        quota.AssertJobFits(tenant, jobId);
        var started = jobs.Start(jobId, spec, isLost, schedule, tenant, limits?.PlacesFor(spec.Output));
        ThrowIfOthers(started.Job, tenant);
        Log.Submitted(logger, jobId, started.Kind.ToString());
        return started;
    }

    /// <summary>The same spec is the same job, and may be another tenant's.</summary>
    private static void ThrowIfOthers(JobRecord? existing, string? tenant)
    {
        if (existing is not null && existing.Tenant != tenant)
        {
            throw new JobSpecException([new SpecFault("/output", $"\"{existing.Spec.Output}\" belongs to a job of somebody else: choose another output.")]);
        }
    }

    /// <summary>The output says what is done, not the storage: somebody may have deleted the dataset to have it made again.</summary>
    private async Task<bool> IsLostAsync(JobRecord job, CancellationToken cancellationToken) =>
        job.State is JobState.Completed or JobState.CompletedWithErrors
        && await stores.Open(job.Spec.Output).FindAsync(OutputLayout.Success, cancellationToken) is null;

    /// <summary>Validation found the output free, and another job may have claimed it since.</summary>
    private async Task ClaimAsync(string jobId, JobSpec spec, CancellationToken cancellationToken)
    {
        var state = await new OutputClaim(stores.Open(spec.Output)).TryClaimAsync(jobId, JobSpecJson.Write(spec), cancellationToken);
        if (OutputValidator.Fault(spec.Output, state) is { } taken)
        {
            throw new JobSpecException([taken]);
        }
    }
}
