using DuckDB.NET.Data;

namespace Pipeline.Jobs.Tests.Rows;

/// <summary>Reads what was written with another hand's Parquet reader.</summary>
internal static class DuckDb
{
    /// <summary>The rows of a query; nulls as null. <c>$file</c> in it stands for the quoted path.</summary>
    public static List<object?[]> Query(string path, string query)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET TimeZone='UTC'; " + query.Replace("$file", $"'{path.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }

        return rows;
    }
}
