using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>How a source is read, where its name alone does not say it.</summary>
/// <remarks>What is not given is not in the canonical JSON, so jobs without it keep their ids.</remarks>
public sealed record InputSpec
{
    /// <summary>Null: by the ending of the source (<c>.csv</c>, <c>.tsv</c>, <c>.jsonl</c>, <c>.ndjson</c>, <c>.parquet</c>, <c>.tar</c>), else images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceFormat? Format { get; init; }

    /// <summary>Of a folder of images: take every file that begins like an image, whatever its name. Reads the start of each. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ByContent { get; init; }

    /// <summary>Folder that relative keys of a manifest are in. Null: the manifest's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Base { get; init; }

    /// <summary>Column of the image's key, URI or bytes. Null: the first there is of image, uri, url, key, path, file_name, file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ImageColumn { get; init; }

    /// <summary>Column of the rows' ids. Null: <c>id</c> if there is one, else the key or URI as written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdColumn { get; init; }

    /// <summary>Column of questions for that row alone, behind those of the job. Null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QuestionsColumn { get; init; }

    /// <summary>Whether nothing is said, as if there were no input in the spec.</summary>
    internal bool IsDefault => this == s_default;

    private static readonly InputSpec s_default = new();
}
