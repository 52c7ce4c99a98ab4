using System.Globalization;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Filters have values that an image could pass, and near duplicates are not too far from each other.</summary>
internal static class SelectionValidator
{
    private const int MostPixels = 1_000_000;
    private const double MostContrast = 127.5;

    public static IEnumerable<SpecFault> Validate(JobSpec spec)
    {
        foreach (var fault in spec.Filters is { } filters ? Validate(filters) : [])
        {
            yield return fault;
        }

        if (spec.Duplicates is { MaxBits: < 0 or > DuplicateSpec.MostMaxBits } duplicates)
        {
            yield return new("/duplicates/max_bits", $"{duplicates.MaxBits} is out of range: use 0 to {DuplicateSpec.MostMaxBits} of the 64 bits of a perceptual hash.");
        }
    }

    private static IEnumerable<SpecFault> Validate(FilterSpec filters)
    {
        foreach (var (name, pixels) in new[] { ("min_width", filters.MinWidth), ("min_height", filters.MinHeight) })
        {
            if (pixels is < 0 or > MostPixels)
            {
                yield return OutOfRange(name, pixels, string.Create(CultureInfo.InvariantCulture, $"0 (any) to {MostPixels:N0} pixels"));
            }
        }

        if (filters.MaxAspect is not (0 or >= 1) || double.IsInfinity(filters.MaxAspect))
        {
            yield return OutOfRange("max_aspect", filters.MaxAspect, "1 or more, the longer side over the shorter, or 0 for any");
        }

        if (filters.MinContrast is not (>= 0 and <= MostContrast))
        {
            yield return OutOfRange("min_contrast", filters.MinContrast, string.Create(CultureInfo.InvariantCulture, $"0 (any) to {MostContrast}"));
        }
    }

    private static SpecFault OutOfRange(string member, double value, string range) =>
        new($"/filters/{member}", string.Create(CultureInfo.InvariantCulture, $"{value} is out of range: use {range}."));
}
