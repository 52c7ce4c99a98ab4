using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs;

/// <summary>Gives every spelling of a place one form, so that <c>/data/in/</c>, <c>/data/./in</c> and <c>file:///data/in</c> are one source.</summary>
public static class SpecNormalizer
{
    /// <summary>The spec with its places in canonical spelling; one that is no place stays as it is, for validation to name.</summary>
    public static JobSpec Normalize(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with { Source = Place(spec.Source), Output = Place(spec.Output), Model = Place(spec.Model) };
    }

    private static string Place(string place) => ObjectLocation.TryParse(place, out var location, out _) ? location.ToString() : place;
}
