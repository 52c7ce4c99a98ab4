using System.Text.Json;

namespace Pipeline.Cli.Evaluation;

/// <summary>A row of a file with its columns as JSON; images that the file holds are paths already.</summary>
/// <param name="Columns">An object.</param>
/// <param name="Where">File and place in it, for messages.</param>
/// <param name="Place">Id of a row that has none: the same in every run.</param>
internal sealed record DataFileRow(JsonElement Columns, string Where, string Place);

/// <summary>Files of a published set: Parquet as Hugging Face has it, JSON objects a line, or one JSON list.</summary>
internal static class DataFile
{
    private const string Parquet = ".parquet";
    private static readonly string[] s_endings = [Parquet, ".jsonl", ".ndjson", ".json"];

    /// <summary>The files themselves, and those of folders by name.</summary>
    public static IReadOnlyList<string> Expand(IEnumerable<string> places) =>
    [
        .. places.SelectMany(place => Directory.Exists(place)
            ? Directory.EnumerateFiles(place).Where(file => s_endings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)
            : (IEnumerable<string>)[place]),
    ];

    public static IAsyncEnumerable<DataFileRow> ReadAsync(string file, PictureFolder pictures, CancellationToken cancellationToken) =>
        Path.GetExtension(file).Equals(Parquet, StringComparison.OrdinalIgnoreCase)
            ? ParquetData.ReadAsync(file, pictures, cancellationToken)
            : JsonData.ReadAsync(file, cancellationToken);
}
