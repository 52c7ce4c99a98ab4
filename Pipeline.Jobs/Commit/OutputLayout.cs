using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Where everything lies in an output folder. Keys are relative to it.</summary>
public static class OutputLayout
{
    /// <summary>Everything that is not for readers of the dataset.</summary>
    public const string Internal = "_pipeline/";

    /// <summary>Claims the output for one job; written once.</summary>
    public const string Job = Internal + "job.json";

    /// <summary>The committed plan; written once.</summary>
    public const string Plan = Internal + "plan.json";

    public const string Plans = Internal + "plan/";
    public const string Staged = Internal + "staged/";

    /// <summary>Small pictures of some of a shard's rows, for the job's page. Nothing depends on them: they may be deleted.</summary>
    public const string Previews = Internal + "previews/";

    /// <summary>Later versions of the dataset, in which failed rows were made again.</summary>
    public const string Versions = Internal + "versions/";

    /// <summary>Start of the keys with which an output is tested for being writable.</summary>
    public const string Probe = ObjectKeys.Probe;

    public const string Data = "data/";
    public const string Manifest = "manifest.json";

    /// <summary>The dataset card.</summary>
    public const string Card = "README.md";

    /// <summary>Written last: a dataset with this object is whole.</summary>
    public const string Success = "_SUCCESS";

    /// <summary>The images of a shard as one planner listed them; <paramref name="planner"/> keeps planners that race apart.</summary>
    public static string PlanOf(string planner, int shard) => $"{Plans}{planner}/{shard:d5}.parquet";

    /// <summary>One attempt's rows; <paramref name="nonce"/> keeps attempts apart that know nothing of each other.</summary>
    public static string StagedOf(int shard, int attempt, string nonce, int version = 1) =>
        $"{(version == 1 ? Staged : $"{Versions}{version:d4}/staged/")}{shard:d5}-{attempt}-{nonce}.parquet";

    public static string CommitOf(int shard, int version = 1) => $"{CommitsOf(version)}{shard:d5}.json";

    public static string CommitsOf(int version) => version == 1 ? Internal + "commits/" : $"{Versions}{version:d4}/commits/";

    public static string PreviewsOf(int shard) => $"{Previews}{shard:d5}.json";

    /// <summary>The commit of a later version; written once.</summary>
    public static string VersionOf(int version) => $"{Versions}{version:d4}.json";

    /// <summary>A thumbnail in the card.</summary>
    public static string SampleOf(int index) => $"samples/{index}.jpg";

    /// <summary>A file of the dataset, named as Hugging Face's <c>load_dataset</c> finds it.</summary>
    public static string DataOf(int shard, int shards) => $"{Data}train-{shard:d5}-of-{shards:d5}.parquet";
}
