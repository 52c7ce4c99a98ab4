using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Statistics;

namespace Pipeline.Jobs.Commit;

/// <summary><c>manifest.json</c>: what a dataset consists of. Files that it does not name are not part of it.</summary>
public sealed record DatasetManifest
{
    public required string JobId { get; init; }

    /// <summary>1, and one more each time failed rows were made again; 0 in those of before 0.2.0.</summary>
    public int Version { get; init; }
    public required string ModelRevision { get; init; }

    /// <summary>Of all files.</summary>
    public required long Rows { get; init; }

    /// <summary>Images of the plan: as many as <see cref="Rows"/> once the dataset is finished; 0 in manifests of before 0.2.0.</summary>
    public long PlannedRows { get; init; }

    /// <summary>Of <see cref="Rows"/>, those without annotation.</summary>
    public required long FailedRows { get; init; }

    /// <summary>Length of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the columns, as <see cref="DatasetSchema.Version"/>; 0 in manifests of before 0.2.0.</summary>
    public int SchemaVersion { get; init; }

    /// <summary>Of all rows; null in manifests of before 0.2.0, and where a shard was committed by an earlier version.</summary>
    public DatasetStatistics? Statistics { get; init; }

    /// <summary>In the order of their names.</summary>
    public required IReadOnlyList<DatasetFile> Files { get; init; }

    /// <summary>The JSON of <c>manifest.json</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CommitJson.Default.DatasetManifest);

    /// <summary>Of shards that are committed and in place, in order.</summary>
    internal static DatasetManifest Of(JobPlan plan, IReadOnlyList<ShardCommit> commits) => new()
    {
        SchemaVersion = DatasetSchema.Version,
        JobId = plan.JobId,
        ModelRevision = plan.ModelRevision,
        Rows = commits.Sum(commit => (long)commit.Rows),
        PlannedRows = plan.Rows,
        FailedRows = commits.Sum(commit => (long)commit.FailedRows),
        Bytes = commits.Sum(commit => commit.Bytes),
        Statistics = Sum(commits),
        Files = [.. commits.Select(commit => new DatasetFile(commit.File, commit.Rows, commit.FailedRows, commit.Bytes, commit.Sha256))],
    };

    private static DatasetStatistics? Sum(IReadOnlyList<ShardCommit> commits)
    {
        var sum = new StatisticsBuilder();
        foreach (var commit in commits)
        {
            if (commit.Statistics is null)
            {
                return null;
            }

            sum.Add(commit.Statistics);
        }

        return sum.Build();
    }
}

/// <summary>One Parquet file of a dataset.</summary>
/// <param name="File">Key relative to the output.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="FailedRows">Of these, the ones without annotation.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record DatasetFile(string File, int Rows, int FailedRows, long Bytes, string Sha256);
