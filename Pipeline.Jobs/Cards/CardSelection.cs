using System.Globalization;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Cards;

/// <summary>Which images the model was not asked about, for the table of a card.</summary>
internal static class CardSelection
{
    /// <summary>Rows of the table; none for a job that asks about all.</summary>
    public static string Write(JobSpec spec)
    {
        string[] filters = spec.Filters is { } filter ? [.. Words(filter)] : [];
        return (filters.Length > 0 ? $"| Left out | images of {string.Join(", ", filters)} |\n" : "")
            + (spec.Duplicates is { } duplicates ? $"| Duplicates | {Words(duplicates)} |\n" : "")
            + (spec.Reuse is { } reuse ? $"| Answers copied from | {string.Join(", ", reuse.Select(CardText.Code))} |\n" : "");
    }

    private static IEnumerable<string> Words(FilterSpec filter)
    {
        if (filter.MinWidth > 0)
        {
            yield return $"less than {filter.MinWidth} pixels across";
        }

        if (filter.MinHeight > 0)
        {
            yield return $"less than {filter.MinHeight} pixels down";
        }

        if (filter.MaxAspect > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"more than {filter.MaxAspect} times as long as wide");
        }

        if (filter.MinContrast > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"a contrast below {filter.MinContrast}");
        }
    }

    private static string Words(DuplicateSpec duplicates) =>
        (duplicates.Find is DuplicateKind.Near ? $"the same bytes, or perceptual hashes within {duplicates.MaxBits} bits" : "the same bytes")
        + (duplicates.Action is DuplicateAction.Skip ? ": skipped" : ": marked");
}
