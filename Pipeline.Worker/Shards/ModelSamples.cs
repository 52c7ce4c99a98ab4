using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Shards;

/// <summary>Asks this process' model about a few images, beside its shards.</summary>
internal sealed class ModelSamples(ObjectStores stores, EngineHost models, IOptions<WorkerOptions> options, TimeProvider time, ILogger<ModelSamples> logger)
{
    /// <summary>Somebody waits for the answer.</summary>
    private readonly StorePatience _none = new(TimeSpan.Zero, time, logger);

    /// <summary>One row an image; null if another model is in memory, which shards may be using.</summary>
    public async Task<IReadOnlyList<AnnotationRow>?> MakeAsync(JobSpec spec, IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken)
    {
        if (!models.IsAtHand(spec.Model))
        {
            return null;
        }

        var revision = await ModelRevision.ComputeAsync(spec.Model, cancellationToken);
        using var model = await models.BorrowAsync(spec.Model, revision, cancellationToken);
        var work = new ShardContext
        {
            Spec = spec,
            Plan = new JobPlan { JobId = JobId.Of(spec), ModelRevision = revision, Rows = images.Count, Shards = [] },
            Shard = new PlannedShard(0, images.Count, "", ""),
            Output = stores.Open(spec.Output),
            Stores = stores,
        };
        return await new RowMaker(work, model.Annotator, options.Value, _none, logger).MakeAsync(images, cancellationToken).ToListAsync(cancellationToken);
    }
}
