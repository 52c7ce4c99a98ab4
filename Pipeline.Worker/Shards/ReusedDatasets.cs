using Pipeline.Jobs.Reuse;
using Pipeline.Jobs.Storage;

namespace Pipeline.Worker.Shards;

/// <summary>What jobs reuse: looked through once for all shards of a job that this process works on.</summary>
internal sealed class ReusedDatasets
{
    /// <summary>Jobs that reuse anything, and are worked on in turn.</summary>
    private const int JobsKept = 2;

    private readonly LastLoads<string, EarlierAnswers> _jobs = new(JobsKept);

    /// <summary>Null if the job is to reuse nothing.</summary>
    /// <param name="work">The shard.</param>
    /// <param name="numerics">Numbers that this process's model runs in.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<EarlierAnswers?> FindAsync(ShardContext work, string numerics, CancellationToken cancellationToken) => work.Spec.Reuse is { Count: > 0 } datasets
        ? await _jobs.GetAsync(work.Plan.JobId, () => EarlierAnswers.OpenAsync(
            work.Stores, datasets, work.Plan.ModelRevision, Provenance.HashParameters(work.Spec, numerics), CancellationToken.None)).WaitAsync(cancellationToken)
        : null;
}
