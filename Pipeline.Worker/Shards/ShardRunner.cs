using Hangfire.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;
using Pipeline.Worker.Progress;

namespace Pipeline.Worker.Shards;

/// <summary>Runs one shard: read → decode → answer → write, then the commit. Any number of runs of a shard leave one result.</summary>
internal sealed class ShardRunner(
    ObjectStores stores,
    JobStore jobs,
    ShardStore shards,
    EngineHost models,
    ReusedDatasets reused,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<ShardRunner> logger) : IShardJob
{
    private static readonly string s_worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    private readonly StorePatience _patience = new(TimeSpan.FromSeconds(options.Value.StorePatienceSeconds), time, logger);

    public async Task RunAsync(string jobId, int shard, PerformContext? context, CancellationToken cancellationToken)
    {
        // Cancelled or given up since it was enqueued; of a job that nobody knows the context says what to do.
        if (jobs.Find(jobId) is { CancelRequested: true } or { IsTerminal: true })
        {
            return;
        }

        var work = await ShardContext.OpenAsync(jobs, stores, jobId, shard, cancellationToken);
        await using var report = ShardReport.Begin(shards, jobId, shard, work.Shard.Rows, s_worker, time, logger);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, report.Lost);
        try
        {
            var commit = await FindCommitAsync(work, stop.Token) ?? await MakeAsync(work, report, stop.Token);
            await report.CommittedAsync(commit);
            Log.ShardCommitted(logger, shard, jobId, commit.Attempt, commit.Rows, commit.FailedRows);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!await report.HandedBackAsync())
            {
                throw Lost(report, jobId, shard);
            }

            Log.ShardHandedBack(logger, shard, jobId);
            throw;
        }
        catch (Exception e) when (e is LeaseLostException || (e is OperationCanceledException && report.Lost.IsCancellationRequested))
        {
            throw Lost(report, jobId, shard);
        }
        catch (Exception e)
        {
            if (!await report.FailedAsync(FirstLine.Of(e), cancellationToken))
            {
                throw Lost(report, jobId, shard);
            }

            Log.ShardFailed(logger, shard, jobId, report.Attempt, FirstLine.Of(e));
            throw;
        }
    }

    /// <summary>Hangfire's word for it: the job is another worker's now, and its state is not for this one to change.</summary>
    private JobAbortedException Lost(ShardReport report, string jobId, int shard)
    {
        Log.ShardLost(logger, shard, jobId, report.Attempt);
        return new JobAbortedException();
    }

    /// <summary>An earlier attempt may have died between its commit and its end.</summary>
    private async Task<ShardCommit?> FindCommitAsync(ShardContext work, CancellationToken cancellationToken)
    {
        var commit = await new CommitLog(work.Output, work.Version).FindAsync(work.Shard.Index, cancellationToken);
        if (commit is not null && work.Version == 1)
        {
            await new ShardCommitter(work.Output, time).PromoteAsync(commit, cancellationToken);
        }

        return commit;
    }

    private async Task<ShardCommit> MakeAsync(ShardContext work, ShardReport report, CancellationToken cancellationToken)
    {
        Log.ShardBegins(logger, work.Shard.Index, work.Plan.JobId, report.Attempt, work.Shard.Rows);
        using var model = await models.BorrowAsync(work.Spec.Model, work.Plan.ModelRevision, cancellationToken);
        using var file = new TemporaryFile(options.Value.StagingFolder);
        var pictures = new ShardPictures(time, logger);
        var written = await WriteRowsAsync(work, model.Annotator, file.Path, pictures, report, cancellationToken);
        // Before the commit, so that whoever sees the shard committed finds them.
        await pictures.WriteAsync(work, cancellationToken);
        var attempt = new ShardAttempt
        {
            Shard = work.Shard.Index,
            Shards = work.Plan.Shards.Count,
            Attempt = report.Attempt,
            Worker = s_worker,
            File = written,
        };
        var committer = new ShardCommitter(work.Output, time, work.Version);
        return await _patience.RunAsync(token => committer.CommitAsync(attempt, report.AssertHeld, token), cancellationToken);
    }

    private async Task<ShardFile> WriteRowsAsync(
        ShardContext work, IAnnotator annotator, string path, ShardPictures pictures, ShardReport report, CancellationToken cancellationToken)
    {
        var maker = new RowMaker(work, annotator, options.Value, _patience, logger, await reused.FindAsync(work, annotator.Numerics, cancellationToken), pictures);
        var images = await work.ReadImagesAsync(cancellationToken);
        var kept = await KeptRows.ReadAsync(work, cancellationToken);
        var tried = await new ShardTrials(maker, report).RunAsync(images, kept.Keys, cancellationToken);

        await using var writer = ShardFileWriter.Create(path, Provenance.Of(work.Spec, work.Plan, report.Attempt, time.GetUtcNow(), annotator.Numerics), work.Spec.EmbedImages);
        await using var others = maker.MakeAsync(images.Where((_, index) => !tried.ContainsKey(index) && !kept.ContainsKey(index)), cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (var index = 0; index < images.Count; index++)
        {
            if (kept.TryGetValue(index, out var made))
            {
                await writer.WriteAsync(made, cancellationToken);
                report.Add(made.Annotation);
                continue;
            }

            if (tried.TryGetValue(index, out var row))
            {
                await writer.WriteAsync(row, cancellationToken);
                continue;
            }

            row = await others.MoveNextAsync() ? others.Current : throw new InvalidOperationException($"{index} rows were made of {images.Count} images.");
            await writer.WriteAsync(row, cancellationToken);
            report.Add(row);
        }

        return await writer.CompleteAsync(cancellationToken);
    }
}
