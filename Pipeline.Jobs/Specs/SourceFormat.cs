using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>What a source is made of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SourceFormat>))]
public enum SourceFormat
{
    /// <summary>A folder of image files, read recursively.</summary>
    [JsonStringEnumMemberName("images")]
    Images,

    /// <summary>Comma-separated rows under a line of column names; tab-separated where the file ends with <c>.tsv</c>.</summary>
    [JsonStringEnumMemberName("csv")]
    Csv,

    /// <summary>One JSON object a line.</summary>
    [JsonStringEnumMemberName("jsonl")]
    Jsonl,

    /// <summary>Parquet files whose rows name their images, or hold them as Hugging Face datasets do.</summary>
    [JsonStringEnumMemberName("parquet")]
    Parquet,

    /// <summary>Tar files with an image and its texts under one name.</summary>
    [JsonStringEnumMemberName("webdataset")]
    WebDataset,
}

public static class SourceFormats
{
    private static readonly Dictionary<SourceFormat, (string Name, string[] Endings)> s_formats = new()
    {
        [SourceFormat.Images] = ("images", []),
        [SourceFormat.Csv] = ("csv", [".csv", ".tsv"]),
        [SourceFormat.Jsonl] = ("jsonl", [".jsonl", ".ndjson"]),
        [SourceFormat.Parquet] = ("parquet", [".parquet"]),
        [SourceFormat.WebDataset] = ("webdataset", [".tar"]),
    };

    /// <summary>Names of all formats, in order.</summary>
    public static IEnumerable<string> Names => s_formats.Values.Select(format => format.Name);

    /// <summary>The format of a name, or null if there is none of that name.</summary>
    public static SourceFormat? Find(string name) =>
        s_formats.Where(format => format.Value.Name == name).Select(format => (SourceFormat?)format.Key).FirstOrDefault();

    public static string NameOf(SourceFormat format) => s_formats[format].Name;

    /// <summary>The format that the job says, or that its source's ending says.</summary>
    public static SourceFormat FormatOf(this JobSpec spec) =>
        spec.Input?.Format ?? s_formats.Where(format => HasEnding(format.Key, spec.Source)).Select(format => format.Key).FirstOrDefault();

    /// <summary>Whether a file's name is one of that format; never so for images.</summary>
    internal static bool HasEnding(SourceFormat format, string key) =>
        s_formats[format].Endings.Any(ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    internal static string EndingsOf(SourceFormat format) => string.Join(" or ", s_formats[format].Endings);
}
