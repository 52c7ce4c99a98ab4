using System.Globalization;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>Jobs in Hangfire's storage, through its own abstraction: the same on the embedded storage and on PostgreSQL.</summary>
/// <remarks>
/// Hangfire's storage interface is synchronous, and so is this. What it holds is scheduling and display: results and the
/// plan are in the job's output, and a job that the storage lost continues from there when its spec is submitted again.
/// </remarks>
public sealed class JobStore(JobStorage storage, TimeProvider time)
{
    /// <summary>Longer than a crashed holder's lock lives (<see cref="StorageTimings.LockExpiry"/>).</summary>
    private static readonly TimeSpan s_lockPatience = StorageTimings.LockExpiry + TimeSpan.FromSeconds(10);

    /// <summary>The job, or null if the storage does not know it.</summary>
    public JobRecord? Find(string jobId)
    {
        using var connection = storage.GetConnection();
        return Find(connection, jobId);
    }

    /// <summary>Jobs from the newest to the oldest, <paramref name="offset"/> of them left out.</summary>
    public JobPage List(int offset, int limit)
    {
        using var connection = Connect();
        var total = connection.GetSetCount(JobKeys.All);
        var last = (int)total - 1 - offset;
        var first = Math.Max(0, last - limit + 1);
        var ids = last < 0 || limit < 1 ? [] : connection.GetRangeFromSet(JobKeys.All, first, last);
        ids.Reverse();
        var jobs = ids.Select(id => Find(connection, id)).OfType<JobRecord>().Select(JobView.Of);
        return new JobPage([.. jobs], total, first > 0 && ids.Count > 0 ? offset + ids.Count : null);
    }

    /// <summary>Ids of the jobs that are not in a terminal state.</summary>
    public IReadOnlyCollection<string> ActiveIds()
    {
        using var connection = storage.GetConnection();
        return connection.GetAllItemsFromSet(JobKeys.Active);
    }

    /// <summary>
    /// Creates the job; or continues it if it failed or was cancelled; or leaves it as it is if it runs or is complete.
    /// </summary>
    /// <param name="jobId">Of the spec.</param>
    /// <param name="spec">Normalised.</param>
    /// <param name="isDatasetLost">A complete job begins anew too: what it made is gone.</param>
    public StartedJob Start(string jobId, JobSpec spec, bool isDatasetLost = false)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), s_lockPatience);
        var existing = Find(connection, jobId);
        var isLost = isDatasetLost && existing is { State: JobState.Completed or JobState.CompletedWithErrors };
        if (existing is { State: var state } && !state.CanContinue() && !isLost)
        {
            return new StartedJob(existing, StartKind.Unchanged);
        }

        var now = time.GetUtcNow();
        using var transaction = connection.CreateWriteTransaction();
        if (isLost)
        {
            // The next plan may have fewer shards.
            transaction.RemoveHash(JobKeys.Shards(jobId));
        }

        transaction.SetRangeInHash(
            JobKeys.Job(jobId), existing is null ? JobFields.Create(spec, now) : JobFields.Restart(existing.Run + 1, now));
        transaction.RemoveHash(JobKeys.Tickets(jobId));
        transaction.AddToSet(JobKeys.All, jobId, (existing?.CreatedAt ?? now).ToUnixTimeMilliseconds());
        transaction.AddToSet(JobKeys.Active, jobId);
        transaction.Commit();
        return new StartedJob(Find(connection, jobId)!, existing is null ? StartKind.Created : StartKind.Continued);
    }

    /// <summary>Asks for the job to stop; the reconciler and the workers do it. False if it is past stopping: terminal or finalizing.</summary>
    public bool RequestCancel(string jobId)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), s_lockPatience);
        var job = Find(connection, jobId);
        if (job is null or { IsTerminal: true } or { State: JobState.Finalizing })
        {
            return false;
        }

        if (!job.CancelRequested)
        {
            Write(connection, jobId, JobFields.CancelRequested, JobFields.Text(time.GetUtcNow()));
        }

        return true;
    }

    /// <summary>True once nobody wants the job's work any more: cancel was asked for, or the job ended. One cheap read.</summary>
    public bool ShouldStop(string jobId)
    {
        using var connection = storage.GetConnection();
        return Find(connection, jobId) is null or { CancelRequested: true } or { IsTerminal: true };
    }

    /// <summary>Records that the plan is committed and its shards are registered: the job may start.</summary>
    public void SetPlanned(string jobId, long images, int shards, long imagesDoneBefore)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), new Dictionary<string, string>
        {
            [JobFields.ImagesTotal] = images.ToString(CultureInfo.InvariantCulture),
            [JobFields.ImagesDoneBefore] = imagesDoneBefore.ToString(CultureInfo.InvariantCulture),
            [JobFields.ShardsTotal] = shards.ToString(CultureInfo.InvariantCulture),
        });
        transaction.Commit();
    }

    /// <summary>Records that <c>_SUCCESS</c> is written: the job may complete.</summary>
    public void SetOutcome(string jobId, JobOutcome outcome)
    {
        using var connection = storage.GetConnection();
        Write(connection, jobId, JobFields.Outcome, JsonSerializer.Serialize(outcome, JobJson.Default.JobOutcome));
    }

    internal void SetProgress(string jobId, JobProgress progress)
    {
        using var connection = storage.GetConnection();
        Write(connection, jobId, JobFields.Progress, JsonSerializer.Serialize(progress, JobJson.Default.JobProgress));
    }

    internal void SetControlTicket(string jobId, string ticket)
    {
        using var connection = storage.GetConnection();
        Write(connection, jobId, JobFields.ControlTicket, ticket);
    }

    /// <summary>Enters a state. The reconciler alone calls this, holding the job's lock.</summary>
    internal void MoveTo(string jobId, JobState state, string? error)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), new Dictionary<string, string>
        {
            [JobFields.State] = JobJson.NameOf(state),
            [JobFields.EnteredAt(state)] = JobFields.Text(time.GetUtcNow()),
            [JobFields.Error] = error ?? "",
            [JobFields.ControlTicket] = "",
        });
        if (state.IsTerminal())
        {
            transaction.RemoveFromSet(JobKeys.Active, jobId);
        }

        transaction.Commit();
    }

    /// <summary>Takes the job's lock if nobody holds it; null otherwise.</summary>
    internal static IDisposable? TryLock(IStorageConnection connection, string jobId)
    {
        try
        {
            return connection.AcquireDistributedLock(JobKeys.Lock(jobId), TimeSpan.Zero);
        }
        catch (DistributedLockTimeoutException)
        {
            return null;
        }
    }

    private static JobRecord? Find(IStorageConnection connection, string jobId) =>
        connection.GetAllEntriesFromHash(JobKeys.Job(jobId)) is { } fields ? JobFields.Read(jobId, fields) : null;

    private static void Write(IStorageConnection connection, string jobId, string field, string value)
    {
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), [new(field, value)]);
        transaction.Commit();
    }

    /// <summary>Both storages offer the extended interface (counts and ranges of sets).</summary>
    private JobStorageConnection Connect() => (JobStorageConnection)storage.GetConnection();
}

/// <summary>What <see cref="JobStore.Start"/> found and did.</summary>
public sealed record StartedJob(JobRecord Job, StartKind Kind);

public enum StartKind
{
    /// <summary>The storage did not know the job.</summary>
    Created,

    /// <summary>It had failed or been cancelled, and goes on now.</summary>
    Continued,

    /// <summary>It runs or is complete.</summary>
    Unchanged,
}
