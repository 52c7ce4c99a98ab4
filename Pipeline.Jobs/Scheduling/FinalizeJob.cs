using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Has the dataset finished, and records what it holds.</summary>
internal sealed class FinalizeJob(ObjectStores stores, JobStore jobs, TimeProvider time, ILogger<FinalizeJob> logger, ThumbnailMaker? thumbnail = null) : IFinalizeJob
{
    public async Task RunAsync(string jobId, CancellationToken cancellationToken)
    {
        if (jobs.Find(jobId) is not { IsTerminal: false } job)
        {
            return;
        }

        var places = stores.LimitedTo(job.Places);
        if (job.Version > 1)
        {
            await new VersionCommit(places.Open(job.Spec.Output), time).CommitAsync(jobId, job.Version, cancellationToken);
        }

        var card = new CardWriter(job.Spec, places, thumbnail);
        var success = await new DatasetFinalizer(places.Open(job.Spec.Output), time, card).FinalizeAsync(cancellationToken);
        jobs.SetOutcome(jobId, new JobOutcome(success.Rows, success.FailedRows));
        Log.Finished(logger, jobId, success.Rows, success.FailedRows);
    }
}
