using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs;

/// <summary>
/// Gives everything that means the same one form: <c>/data/in/</c>, <c>/data/./in</c> and <c>file:///data/in</c> are one source, and
/// input, sampling, filters or quality that say only what holds anyway are left out, and so is the schedule.
/// </summary>
public static class SpecNormalizer
{
    /// <summary>The spec in canonical form; what is no place stays as it is, for validation to name.</summary>
    public static JobSpec Normalize(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with
        {
            Source = Place(spec.Source),
            Input = spec.Input is { IsDefault: false } input ? input with { Base = input.Base is { } folder ? Place(folder) : null } : null,
            Output = Place(spec.Output),
            Model = Place(spec.Model),
            Sampling = spec.Sampling is { IsDefault: false } sampling ? sampling : null,
            Filters = spec.Filters is { IsDefault: false } filters ? filters : null,
            Duplicates = spec.Duplicates is { Find: DuplicateKind.Exact } exact ? exact with { MaxBits = DuplicateSpec.DefaultMaxBits } : spec.Duplicates,
            Reuse = spec.Reuse is { Count: > 0 } reuse ? [.. reuse.Select(Place).Distinct()] : null,
            Quality = spec.Quality is { MaxRetries: not QualitySpec.DefaultMaxRetries } quality ? quality : null,
            Schedule = null,
        };
    }

    private static string Place(string place) => ObjectLocation.TryParse(place, out var location, out _) ? location.ToString() : place;
}
