using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Divides a job's source into shards, once: whoever commits the plan first decides it for all.</summary>
/// <param name="stores">Opens source and output.</param>
/// <param name="fingerprints">For jobs that ask for duplicates; null where none do.</param>
public sealed class Planner(ObjectStores stores, Fingerprinter? fingerprints = null)
{
    /// <summary>The committed plan of the job; makes and commits one if there is none. Holds one shard's images in memory, and with duplicates something of every image.</summary>
    /// <exception cref="ObjectStoreException">Source, output or model cannot be read or written, or the source holds no image.</exception>
    public async Task<JobPlan> PlanAsync(string jobId, JobSpec spec, CancellationToken cancellationToken)
    {
        var output = stores.Open(spec.Output);
        var reader = new PlanReader(output);
        if (await reader.FindAsync(cancellationToken) is { } committed)
        {
            return committed;
        }

        var modelRevision = await ModelRevision.ComputeAsync(spec.Model, cancellationToken);
        var source = new PlannedRows(stores, spec);
        var listed = spec.EmbedImages
            ? new ImageLengths(new ImageOpener(stores, spec)).FillAsync(source.ListAsync(cancellationToken), cancellationToken)
            : source.ListAsync(cancellationToken);
        var shards = new ShardListWriter(output);
        var duplicates = spec.Duplicates is { } wanted
            ? new DuplicateMarks(spec, wanted, stores, fingerprints ?? throw new InvalidOperationException("Nothing here can tell duplicates."))
            : null;
        await foreach (var images in new ShardSizing(spec).DivideAsync(listed))
        {
            await shards.WriteAsync(duplicates is null ? images : await duplicates.MarkAsync(images, cancellationToken), cancellationToken);
        }

        if (shards.Rows == 0)
        {
            throw new ObjectStoreException(ObjectStoreFault.Rejected, spec.Source, source.DescribeEmpty());
        }

        var plan = new JobPlan { JobId = jobId, ModelRevision = modelRevision, Rows = shards.Rows, Shards = shards.Written };
        if (await output.TryCreateRecordAsync(OutputLayout.Plan, plan, PlanJson.Default.JobPlan, cancellationToken))
        {
            return plan;
        }

        await shards.DeleteAsync(cancellationToken);
        return await reader.FindAsync(cancellationToken)
            ?? throw new ObjectStoreException(ObjectStoreFault.Unavailable, output.UriOf(OutputLayout.Plan), "The plan was deleted while the job was planned.");
    }
}
