using DuckDB.NET.Data;

namespace Pipeline.Cli.Tests.Processes;

/// <summary>A dataset as a reader of other make sees it: DuckDB.</summary>
internal static class Dataset
{
    /// <summary>Rows of a query; <c>{0}</c> in it stands for the dataset's files.</summary>
    public static List<object?[]> Query(string dataset, string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Format(sql, $"'{dataset}/data/*.parquet'");
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }

    /// <summary>Ids of all rows, in order, as often as they occur.</summary>
    public static List<string> Ids(string dataset) => [.. Query(dataset, "SELECT id FROM {0} ORDER BY id").Select(row => (string)row[0]!)];

    /// <summary>Committed shards so far: the names of their records and the records' bytes.</summary>
    public static Dictionary<string, byte[]> Commits(string dataset) => Files(Path.Combine(dataset, "_pipeline", "commits"));

    public static Dictionary<string, byte[]> Files(string folder) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder)
            .Where(file => !Path.GetFileName(file).StartsWith('.'))
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
}
