using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Has the dataset finished, and records what it holds.</summary>
internal sealed class FinalizeJob(ObjectStores stores, JobStore jobs, TimeProvider time, ILogger<FinalizeJob> logger) : IFinalizeJob
{
    public async Task RunAsync(string jobId, CancellationToken cancellationToken)
    {
        if (jobs.Find(jobId) is not { IsTerminal: false } job)
        {
            return;
        }

        var success = await new DatasetFinalizer(stores.Open(job.Spec.Output), time).FinalizeAsync(cancellationToken);
        jobs.SetOutcome(jobId, new JobOutcome(success.Rows, success.FailedRows));
        Log.Finished(logger, jobId, success.Rows, success.FailedRows);
    }
}
