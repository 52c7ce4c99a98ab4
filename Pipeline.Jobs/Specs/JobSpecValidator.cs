using Pipeline.Jobs.Specs.Validation;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Specs;

/// <summary>Judges a spec before any work starts; finds everything wrong with it at once.</summary>
public sealed class JobSpecValidator(ObjectStores allStores, TimeProvider? time = null)
{
    /// <summary>All faults of a spec; none for one that can be run.</summary>
    /// <exception cref="ObjectStoreException">Source or output does not answer now.</exception>
    public Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken) => ValidateAsync(spec, null, cancellationToken);

    /// <summary>The same of a tenant's spec.</summary>
    /// <inheritdoc cref="ValidateAsync(JobSpec, CancellationToken)"/>
    public async Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, TenantLimits? limits, CancellationToken cancellationToken)
    {
        var stores = allStores.LimitedTo(limits?.PlacesFor(spec.Output));
        List<SpecFault> faults = [.. PlacesValidator.Validate(spec), .. TenantValidator.Validate(spec, limits)];
        faults.AddRange(await new SourceValidator(stores).ValidateAsync(spec, cancellationToken));
        if (!faults.Any(fault => fault.Pointer == "/output"))
        {
            faults.AddRange(await new OutputValidator(stores).ValidateAsync(spec, cancellationToken));
        }

        faults.AddRange(await new ReuseValidator(stores).ValidateAsync(spec, cancellationToken));
        faults.AddRange(InputValidator.Validate(spec, stores.Places));
        faults.AddRange(ModelValidator.Validate(spec, stores.Places));
        faults.AddRange(RequestValidator.Validate(spec));
        faults.AddRange(QuestionsValidator.Validate(spec));
        faults.AddRange(SamplingValidator.Validate(spec));
        faults.AddRange(SelectionValidator.Validate(spec));
        faults.AddRange(spec.Schedule is { } schedule ? ScheduleValidator.Validate(schedule, "/schedule", (time ?? TimeProvider.System).GetUtcNow()) : []);
        return faults;
    }

    /// <exception cref="JobSpecException">Lists the faults of reading and of validation, without those that follow from another.</exception>
    public async Task ThrowIfFaultyAsync(SpecReading reading, TenantLimits? limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var found = await ValidateAsync(reading.Spec, limits, cancellationToken);
        List<SpecFault> faults = [.. reading.Faults];
        faults.AddRange(found.Where(fault => !reading.Faults.Any(read => FollowsFrom(fault.Pointer, read.Pointer))));
        if (faults.Count > 0)
        {
            throw new JobSpecException([.. faults.OrderBy(fault => Rank(fault.Pointer))]);
        }
    }

    /// <summary>Faults come in the order in which a spec is written; those of unknown members come last.</summary>
    private static int Rank(string pointer)
    {
        var rank = pointer.Length == 0 ? 0 : JobSpecReader.Members.IndexOf(pointer.Split('/')[1]);
        return rank < 0 ? int.MaxValue : rank;
    }

    /// <summary>A value that could not be read stands in the spec as a default: what is found wrong with that says nothing.</summary>
    private static bool FollowsFrom(string pointer, string unreadable) =>
        pointer == unreadable || pointer.StartsWith(unreadable + "/", StringComparison.Ordinal);
}
