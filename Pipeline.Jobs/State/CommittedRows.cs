using System.Runtime.CompilerServices;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.State;

/// <summary>Looks into the rows that a job has committed so far. Reads no more files than it needs, and those that are asked for as they lie.</summary>
public sealed class CommittedRows(ObjectStores stores)
{
    /// <summary>Failed rows in the order of the plan.</summary>
    /// <param name="job">The job.</param>
    /// <param name="shards">Its shards say where failures are; files without any are not opened.</param>
    /// <param name="offset">Failures to leave out.</param>
    /// <param name="limit">Most to return.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ObjectStoreException">The output cannot be read.</exception>
    public async Task<FailurePage> FailuresAsync(JobRecord job, IReadOnlyList<ShardStatus> shards, int offset, int limit, CancellationToken cancellationToken)
    {
        var failing = shards.Where(shard => shard is { Phase: ShardPhase.Committed, FailedRows: > 0 }).ToList();
        var total = failing.Sum(shard => (long)shard.FailedRows);
        var page = new List<FailedRow>();
        long before = 0;
        foreach (var shard in failing)
        {
            if (page.Count < limit && before + shard.FailedRows > offset)
            {
                var rows = ReadAsync(job, shard.Shard, cancellationToken).Where(row => row.Failure is not null);
                await foreach (var row in rows.Skip((int)Math.Max(0, offset - before)).Take(limit - page.Count).WithCancellation(cancellationToken))
                {
                    page.Add(new FailedRow(row.Id, row.SourceUri, shard.Shard, RowFailures.CodeOf(row.Failure!.Value), row.FailureMessage ?? ""));
                }
            }

            before += shard.FailedRows;
        }

        return new FailurePage(page, total, page.Count > 0 && offset + page.Count < total ? offset + page.Count : null);
    }

    /// <summary>Annotated rows of the shard that was committed last, at most <paramref name="count"/>, and which shard that is; none as long as none is committed.</summary>
    /// <exception cref="ObjectStoreException">The output cannot be read.</exception>
    public async Task<(int Shard, IReadOnlyList<AnnotationRow> Rows)> LatestAsync(JobRecord job, IReadOnlyList<ShardStatus> shards, int count, CancellationToken cancellationToken) =>
        shards.Where(shard => shard.Phase is ShardPhase.Committed && shard.Done > shard.FailedRows).MaxBy(shard => shard.UpdatedAt) is { } last
            ? (last.Shard, await ReadAsync(job, last.Shard, cancellationToken).Where(row => row.Failure is null).Take(count).ToListAsync(cancellationToken))
            : (0, []);

    private async IAsyncEnumerable<AnnotationRow> ReadAsync(JobRecord job, int shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var output = stores.LimitedTo(job.Places).Open(job.Spec.Output);
        var file = OutputLayout.DataOf(shard, job.ShardsTotal ?? 0);
        if (await output.FindAsync(file, cancellationToken) is null)
        {
            // Committed a moment ago and not in place yet, or taken away by somebody.
            yield break;
        }

        await foreach (var row in ShardFileReader.ReadAsync(output, file, cancellationToken))
        {
            yield return row.Annotation;
        }
    }
}

/// <summary>A row that is a failure.</summary>
/// <param name="Id">Of the image.</param>
/// <param name="SourceUri">Where the image lies.</param>
/// <param name="Shard">That it is a row of.</param>
/// <param name="Code">Why: the dataset's <c>error_code</c>.</param>
/// <param name="Message">A sentence with the particulars.</param>
public sealed record FailedRow(string Id, string SourceUri, int Shard, string Code, string Message);

/// <summary>One page of a job's failed rows, in the order of the plan: the body of <c>GET /v1/jobs/{id}/failures</c>.</summary>
/// <param name="Failures">At most as many as asked for.</param>
/// <param name="Total">In committed shards.</param>
/// <param name="NextOffset">Where the next page starts; null on the last one.</param>
public sealed record FailurePage(IReadOnlyList<FailedRow> Failures, long Total, int? NextOffset);
