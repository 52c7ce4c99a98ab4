using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The one way in for a job: judges the spec, claims its output, and creates or continues the job.</summary>
public sealed class JobSubmission(JobSpecValidator validator, JobStore jobs, ILogger<JobSubmission> logger)
{
    /// <summary>Submits a spec as a person wrote it.</summary>
    /// <exception cref="JobSpecException">Lists everything wrong with the spec; nothing was created or claimed.</exception>
    public Task<StartedJob> SubmitAsync(JobSpec spec, CancellationToken cancellationToken) =>
        SubmitAsync(new SpecReading(spec, []), cancellationToken);

    /// <inheritdoc cref="SubmitAsync(JobSpec, CancellationToken)"/>
    public async Task<StartedJob> SubmitAsync(SpecReading reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var spec = SpecNormalizer.Normalize(reading.Spec);
        var jobId = JobId.Of(spec);

        // A job that runs or is complete needs no second judgement: its source may have been moved away since.
        if (reading.Faults.Count == 0 && jobs.Find(jobId) is { } existing && !existing.State.CanContinue())
        {
            return new StartedJob(existing, StartKind.Unchanged);
        }

        await validator.ThrowIfFaultyAsync(reading with { Spec = spec }, cancellationToken);
        var started = jobs.Start(jobId, spec);
        Log.Submitted(logger, jobId, started.Kind.ToString());
        return started;
    }
}
