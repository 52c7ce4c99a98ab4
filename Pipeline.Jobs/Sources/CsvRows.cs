using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Rows of a CSV file (RFC 4180, UTF-8) whose first line names the columns.</summary>
internal static class CsvRows
{
    /// <summary>A field beyond it is a quote that was never closed.</summary>
    private const double LongestField = 1 << 20;

    /// <exception cref="ObjectStoreException">The file cannot be read, or is no such table from some line on.</exception>
    public static async IAsyncEnumerable<SourceRow> ReadAsync(IObjectStore store, string key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var badField = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = key.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? "\t" : ",",
            BadDataFound = _ => badField = true,
            MaxFieldSize = LongestField,
        };
        await using var content = new RowBudget(await store.OpenReadAsync(key, cancellationToken), store.UriOf(key));
        using var reader = new StreamReader(content);
        using var parser = new CsvParser(reader, configuration);
        var columns = await ReadHeaderAsync(store, key, parser);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            badField = false;
            if (await ReadRecordAsync(store, key, parser) is not { } fields)
            {
                yield break;
            }

            content.Next();
            var row = new SourceRow { File = key, Where = $"line {LineOf(parser)}" };
            yield return badField ? row with { Fault = "it has a quote in the midst of a field: double the quotes and put the field in quotes." }
                : fields.Length != columns.Length ? row with
                {
                    Fault = $"it has {fields.Length} fields where the header has {columns.Length}: put fields that hold the separator in quotes.",
                }
                : row with { Columns = columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second.Length == 0 ? null : pair.Second) };
        }
    }

    private static async Task<string[]> ReadHeaderAsync(IObjectStore store, string key, CsvParser parser)
    {
        var header = await ReadRecordAsync(store, key, parser) ?? throw Refuse(store, key, "it is empty: give it a first line with the names of the columns");
        string[] columns = [.. header.Select(column => column.Trim())];
        return columns.GroupBy(column => column).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Refuse(store, key, $"two columns are called '{twice.Key}': rename one")
            : columns;
    }

    private static async Task<string[]?> ReadRecordAsync(IObjectStore store, string key, CsvParser parser)
    {
        try
        {
            return await parser.ReadAsync() ? parser.Record : null;
        }
        catch (CsvHelperException)
        {
            throw Refuse(store, key, $"line {LineOf(parser) + 1} begins a field of more than {LongestField:N0} characters: close its quote");
        }
    }

    /// <summary>Where the record begins; it may hold line breaks.</summary>
    private static int LineOf(CsvParser parser) => parser.RawRow - parser.RawRecord.AsSpan().TrimEnd("\r\n").Count('\n');

    private static ObjectStoreException Refuse(IObjectStore store, string key, string fault) =>
        new(ObjectStoreFault.Rejected, store.UriOf(key), $"'{store.UriOf(key)}' cannot be read as CSV: {fault}.");
}
