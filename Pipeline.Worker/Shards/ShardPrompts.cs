using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Shards;

/// <summary>What is asked of the images of a shard: the same of all, or of each what its row of the source says.</summary>
internal sealed class ShardPrompts(JobSpec spec)
{
    private readonly JobPrompts _ofAll = new(spec);

    public JobPrompts Of(PlannedImage image) => RowPrompts.Resolve(spec, image) is var resolved && ReferenceEquals(resolved, spec)
        ? _ofAll
        : new JobPrompts(resolved) { PromptHash = Provenance.HashPrompts(resolved) };

    /// <summary>Whether the row is asked something else than others.</summary>
    public static bool AreOfRow(PlannedImage image) => image.Columns is not null || image.Questions is not null;
}
