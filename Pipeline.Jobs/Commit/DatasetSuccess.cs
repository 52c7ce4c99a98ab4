namespace Pipeline.Jobs.Commit;

/// <summary><c>_SUCCESS</c>: written last, so a dataset that has it is whole.</summary>
public sealed record DatasetSuccess
{
    public required string JobId { get; init; }

    /// <summary>1, and one more each time failed rows were made again; 0 in those of before 0.2.0.</summary>
    public int Version { get; init; }
    public required int Files { get; init; }
    public required long Rows { get; init; }

    /// <summary>Of <see cref="Rows"/>, those without annotation.</summary>
    public required long FailedRows { get; init; }

    /// <summary>Of <c>manifest.json</c>, lower-case hex.</summary>
    public required string ManifestSha256 { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
}
