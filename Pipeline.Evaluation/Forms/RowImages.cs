using System.Text.RegularExpressions;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Forms;

/// <summary>Where a row's images lie, as the row names them.</summary>
public static partial class RowImages
{
    private static readonly string[] s_names = ["image", "image_path", "img_name", "image_file", "image_1"];

    /// <returns>Those that the question shows, in order; empty: a column for it is empty.</returns>
    /// <exception cref="FormException">There is no such column.</exception>
    public static IReadOnlyList<string> Of(Benchmark benchmark, DataRow row, EvaluationItem item)
    {
        List<string> numbered = [.. Markers().Matches(string.Join('\n', [item.Question, .. item.Choices])).Select(marker => $"image_{marker.Groups[1].Value}")
            .Distinct().Order(StringComparer.Ordinal).Where(name => row.Has(name))];
        IReadOnlyList<string> images = numbered.Count > 0 ? [.. numbered.Select(name => row.Find(name) ?? "")]
            : row.Has(s_names) || benchmark.HasTextOnly ? row.List(s_names)
            : [row.Text(s_names)];
        return images.All(path => path.Length > 0) ? images : [];
    }

    /// <summary>MMMU's questions and choices say where an image belongs: "&lt;image 2&gt;" is the column image_2.</summary>
    [GeneratedRegex("<image ([1-9])>")]
    private static partial Regex Markers();
}
