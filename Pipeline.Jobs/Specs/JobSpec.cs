using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>What a person asks for: which images, where the dataset goes, which model, and what to ask of every image.</summary>
/// <remarks>Immutable once accepted. The same spec always gives the same job id, plan and row keys.</remarks>
public sealed record JobSpec
{
    /// <summary>
    /// Folder of images, read recursively, or a manifest, a folder of tar or Parquet files, or one of these: an absolute path, a
    /// <c>file://</c> URI, or <c>s3://bucket/prefix</c>.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>How the source is read; null: as its ending says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InputSpec? Input { get; init; }

    /// <summary>Folder of the dataset, in the same forms. Must be empty or hold an earlier run of this very job.</summary>
    public required string Output { get; init; }

    /// <summary>Checkpoint folder in Hugging Face layout, an absolute path on the workers.</summary>
    public required string Model { get; init; }

    /// <summary>Prompt of the caption, or null for a job of questions only. With a source of rows, <c>{column}</c> in it is the row's value.</summary>
    public string? Caption { get; init; }

    /// <summary>Questions asked of every image, in the order of the labels in the output. Their texts take <c>{column}</c> too.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Most tokens generated for a caption or a written answer: 1 to 4,096, default 128.</summary>
    public int MaxTokens { get; init; } = DefaultMaxTokens;

    /// <summary>How the words of captions and written answers are chosen; null: greedily.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SamplingSpec? Sampling { get; init; }

    /// <summary>What to do with a caption that has a defect; null: <see cref="QualitySpec.DefaultMaxRetries"/> further attempts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public QualitySpec? Quality { get; init; }

    /// <summary>Which images are left without an answer; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FilterSpec? Filters { get; init; }

    /// <summary>What becomes of images that are in the source more than once; null: nobody looks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DuplicateSpec? Duplicates { get; init; }

    /// <summary>
    /// Folders of finished datasets: an image of the same bytes that the same weights were asked the same about, with the same parameters, gets its answers copied from there;
    /// null: every image is asked about.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Reuse { get; init; }

    /// <summary>Whether rows hold the images themselves, as Hugging Face's <c>Image</c> struct; default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EmbedImages { get; init; }

    /// <summary>Images a shard, and so rows an output file: 1 to 100,000, default 1,000.</summary>
    public int ShardSize { get; init; } = DefaultShardSize;

    /// <summary>How the job is run; null: with the defaults, or as it ran before. A job's canonical spec has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScheduleSpec? Schedule { get; init; }

    public const int DefaultMaxTokens = 128;
    public const int DefaultShardSize = 1_000;
}
