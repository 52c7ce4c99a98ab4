using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Source and output are places, and the dataset is not written over the images.</summary>
internal static class PlacesValidator
{
    public static IEnumerable<SpecFault> Validate(JobSpec spec)
    {
        if (!ObjectLocation.TryParse(spec.Source, out var source, out var sourceFault))
        {
            yield return new("/source", sourceFault);
        }

        if (!ObjectLocation.TryParse(spec.Output, out var output, out var outputFault))
        {
            yield return new("/output", outputFault);
        }

        // An output inside the source is left out when the source is listed; the other way round nothing tells the two apart.
        if (source is not null && output?.KeyOf(source) is { } key)
        {
            yield return new("/output", key.Length == 0
                ? $"\"{spec.Output}\" is the source itself: choose another folder for the dataset."
                : $"\"{spec.Output}\" holds the source \"{spec.Source}\": choose a folder beside or inside the source.");
        }
    }
}
