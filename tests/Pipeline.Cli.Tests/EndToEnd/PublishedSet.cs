using DuckDB.NET.Data;
using Pipeline.Cli.Samples;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>A small set in the forms that benchmarks are published in: Parquet as another writer (DuckDB) makes it, and JSON beside image files.</summary>
internal sealed class PublishedSet : IDisposable
{
    private const string Image = "STRUCT(bytes BLOB, path VARCHAR)";
    private readonly TemporaryFolder _folder = new();

    public PublishedSet()
    {
        SampleImages.Write(_folder["images"]);
        foreach (var (index, file) in Directory.GetFiles(_folder["images"]).Order(StringComparer.Ordinal).Index())
        {
            File.Move(file, _folder["images", $"{index}.png"]);
        }

        File.WriteAllText(_folder["images", "bad.png"], "no image");
    }

    public string Path => _folder.Path;

    public string this[params string[] path] => _folder[path];

    /// <summary>Rows as SQL selects; <c>@3</c> stands for image 3 as Hugging Face's struct of bytes and path, <c>@bad</c> for bytes that are none, <c>@none</c> for no image.</summary>
    public void Parquet(string name, params string[] rows)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TABLE pictures AS SELECT filename, content FROM read_blob('{_folder["images"]}/*')";
        command.ExecuteNonQuery();
        var selects = rows.Select(row => row
            .Replace("@none", $"NULL::{Image}", StringComparison.Ordinal)
            .Replace("@bad", Picture("bad"), StringComparison.Ordinal)
            .Replace("@0", Picture("0"), StringComparison.Ordinal)
            .Replace("@1", Picture("1"), StringComparison.Ordinal));
        command.CommandText = $"COPY ({string.Join(" UNION ALL ", selects.Select(select => $"SELECT {select}"))}) TO '{_folder[name]}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }

    public void Json(string name, params string[] lines) => File.WriteAllLines(_folder[name], lines);

    public void Dispose() => _folder.Dispose();

    private static string Picture(string name) => $"(SELECT {{'bytes': content, 'path': '{name}.png'}}::{Image} FROM pictures WHERE filename LIKE '%/{name}.png')";
}
