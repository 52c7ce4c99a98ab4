namespace Pipeline.Jobs.Rows;

/// <summary>Which columns a file has, as its key-value metadata tells readers.</summary>
public static class DatasetSchema
{
    /// <summary>Of the columns that <c>docs/dataset.md</c> documents, with every change of them one more.</summary>
    public const int Version = 4;

    /// <summary>Key of the metadata that holds the version.</summary>
    public const string VersionKey = "pipeline.schema_version";

    internal static Dictionary<string, string> MetadataOf<T>() => new()
    {
        [HuggingFaceFeatures.Key] = HuggingFaceFeatures.Describe<T>(),
        [VersionKey] = $"{Version}",
    };
}
