using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Specs;

/// <summary>Judges a spec before any work starts; finds everything wrong with it at once.</summary>
public sealed class JobSpecValidator
{
    private readonly Func<JobSpec, IEnumerable<SpecFault>>[] _validators =
    [
        ModelValidator.Validate,
        RequestValidator.Validate,
        QuestionsValidator.Validate,
    ];

    /// <summary>All faults of a normalised spec; none for one that can be run.</summary>
    public Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<SpecFault>>([.. _validators.SelectMany(validate => validate(spec))]);
    }

    /// <exception cref="JobSpecException">Lists the faults of reading and of validation, without those that follow from another.</exception>
    public async Task ThrowIfFaultyAsync(SpecReading reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var found = await ValidateAsync(reading.Spec, cancellationToken);
        List<SpecFault> faults = [.. reading.Faults];
        faults.AddRange(found.Where(fault => !reading.Faults.Any(read => IsAt(fault.Pointer, read.Pointer))));
        if (faults.Count > 0)
        {
            throw new JobSpecException(faults);
        }
    }

    /// <summary>A value that could not be read stands in the spec as a default: what is found wrong with that says nothing.</summary>
    private static bool IsAt(string pointer, string faulty) =>
        pointer == faulty || pointer.StartsWith(faulty + "/", StringComparison.Ordinal);
}
