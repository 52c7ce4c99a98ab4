using System.Collections.Concurrent;

namespace Pipeline.Jobs.Storage;

/// <summary>How contents are judged that come from S3: how slowly they may come, and what the tags of each bucket say of them.</summary>
internal sealed class S3Bodies(S3Options options)
{
    private readonly ConcurrentDictionary<string, ETagMeaning> meanings = new();

    /// <summary>What ETags mean in a bucket, as far as is known.</summary>
    public ETagMeaning MeaningIn(string bucket) => meanings.GetOrAdd(bucket, static _ => new ETagMeaning());

    /// <summary>For one connection.</summary>
    public BodyPace NewPace() => new(options.SlowAfter, options.MinimumBytesPerSecond);
}
