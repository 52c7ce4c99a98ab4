using System.Globalization;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Jobs.State;

/// <summary>Jobs in Hangfire's storage, through its own abstraction: the same on the embedded storage and on PostgreSQL.</summary>
/// <remarks>
/// Hangfire's storage interface is synchronous, and so is this. What it holds is scheduling and display: results and the
/// plan are in the job's output, and a job that the storage lost continues from there when its spec is submitted again.
/// </remarks>
public sealed class JobStore(JobStorage storage, TimeProvider time)
{
    /// <summary>Longer than a crashed holder's lock lives (<see cref="StorageTimings.LockExpiry"/>).</summary>
    internal static readonly TimeSpan LockPatience = StorageTimings.LockExpiry + TimeSpan.FromSeconds(10);

    /// <summary>The job, or null if the storage does not know it.</summary>
    public JobRecord? Find(string jobId)
    {
        using var connection = storage.GetConnection();
        return Find(connection, jobId);
    }

    /// <summary>Jobs from the newest to the oldest, <paramref name="offset"/> of them left out.</summary>
    /// <param name="offset">Of the newest.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="tenant">Whose; null: everybody's.</param>
    public JobPage List(int offset, int limit, string? tenant = null)
    {
        var set = tenant is null ? JobKeys.All : JobKeys.Of(tenant);
        using var connection = Connect();
        var total = connection.GetSetCount(set);
        var last = (int)total - 1 - offset;
        var first = Math.Max(0, last - limit + 1);
        var ids = last < 0 || limit < 1 ? [] : connection.GetRangeFromSet(set, first, last);
        ids.Reverse();
        var jobs = ids.Select(id => Find(connection, id)).OfType<JobRecord>().Select(JobView.Of);
        return new JobPage([.. jobs], total, first > 0 && ids.Count > 0 ? offset + ids.Count : null);
    }

    /// <summary>Ids of all jobs, oldest first.</summary>
    public IReadOnlyList<string> AllIds()
    {
        using var connection = Connect();
        return connection.GetRangeFromSet(JobKeys.All, 0, int.MaxValue - 1);
    }

    /// <summary>Ids of the jobs that are not in a terminal state.</summary>
    /// <param name="tenant">Whose; null: everybody's.</param>
    public IReadOnlyCollection<string> ActiveIds(string? tenant = null)
    {
        using var connection = storage.GetConnection();
        return connection.GetAllItemsFromSet(tenant is null ? JobKeys.Active : JobKeys.ActiveOf(tenant));
    }

    /// <summary>
    /// Creates the job; or continues it if it failed or was cancelled; or leaves it as it is if it runs or is complete.
    /// </summary>
    /// <param name="jobId">Of the spec.</param>
    /// <param name="spec">Normalised.</param>
    /// <param name="isDatasetLost">A complete job begins anew too: what it made is gone.</param>
    /// <param name="schedule">How it is run; null: with the defaults, or as before.</param>
    /// <param name="tenant">Whose it is, where it is created.</param>
    /// <param name="places">All that this run may read and write; null: what the process may.</param>
    public StartedJob Start(string jobId, JobSpec spec, bool isDatasetLost = false, ScheduleSpec? schedule = null, string? tenant = null, IReadOnlyList<string>? places = null)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), LockPatience);
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
            transaction.SetRangeInHash(JobKeys.Job(jobId), [new(JobFields.Version, "1")]);
        }

        transaction.SetRangeInHash(
            JobKeys.Job(jobId),
            existing is null
                ? JobFields.Create(spec, schedule ?? new(), tenant, now)
                : JobFields.Restart(existing.Run + 1, schedule ?? existing.Schedule, now));
        transaction.SetRangeInHash(JobKeys.Job(jobId), [new(JobFields.Places, JobFields.Text(places))]);
        ShardQueue.Clear(transaction, jobId);
        transaction.AddToSet(JobKeys.All, jobId, (existing?.CreatedAt ?? now).ToUnixTimeMilliseconds());
        if ((existing is null ? tenant : existing.Tenant) is { } owner)
        {
            transaction.AddToSet(JobKeys.Of(owner), jobId, (existing?.CreatedAt ?? now).ToUnixTimeMilliseconds());
            transaction.AddToSet(JobKeys.ActiveOf(owner), jobId);
        }

        transaction.AddToSet(JobKeys.Active, jobId);
        WebhookEvent.Record(transaction, Begun(existing, jobId, spec, isLost ? 1 : existing?.Version ?? 1, now), now);
        transaction.Commit();
        return new StartedJob(Find(connection, jobId)!, existing is null ? StartKind.Created : StartKind.Continued);
    }

    /// <summary>Begins a finished job anew, to make the failed rows of its dataset again. False if it is not finished.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="version">Of the dataset that is to be made.</param>
    internal bool TryStartRetry(string jobId, int version)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), LockPatience);
        if (Find(connection, jobId) is not { State: JobState.Completed or JobState.CompletedWithErrors } job)
        {
            return false;
        }

        var now = time.GetUtcNow();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), JobFields.Restart(job.Run + 1, job.Schedule with { Deadline = null }, now));
        transaction.SetRangeInHash(JobKeys.Job(jobId), [new(JobFields.Version, version.ToString(CultureInfo.InvariantCulture))]);
        transaction.AddToSet(JobKeys.Active, jobId);
        if (job.Tenant is { } owner)
        {
            transaction.AddToSet(JobKeys.ActiveOf(owner), jobId);
        }

        WebhookEvent.Record(transaction, Begun(job, jobId, job.Spec, version, now), now);
        transaction.Commit();
        return true;
    }

    /// <summary>True once nobody wants the job's work any more: cancel was asked for, or the job ended. One cheap read.</summary>
    public bool ShouldStop(string jobId)
    {
        using var connection = storage.GetConnection();
        return Find(connection, jobId) is null or { CancelRequested: true } or { IsTerminal: true };
    }

    /// <summary>
    /// Registers the shards of the committed plan, of which earlier runs may have committed some: the job may start. Does nothing if that was done,
    /// for Hangfire may run planning any number of times.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="statuses">Of the plan's shards, in order; asked for under the job's lock.</param>
    public void SetPlanned(string jobId, Func<IReadOnlyList<ShardStatus>> statuses)
    {
        using var connection = Connect();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), LockPatience);
        if (Find(connection, jobId) is not { State: JobState.Planning, ShardsTotal: null })
        {
            return;
        }

        var shards = statuses();
        var committed = shards.Where(shard => shard.Phase is ShardPhase.Committed).ToList();
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        ShardStore.Write(transaction, jobId, shards);
        ShardQueue.Register(transaction, jobId, shards);
        transaction.SetRangeInHash(JobKeys.Job(jobId), new Dictionary<string, string>
        {
            [JobFields.ImagesTotal] = shards.Sum(shard => (long)shard.Rows).ToString(CultureInfo.InvariantCulture),
            [JobFields.ImagesDoneBefore] = committed.Sum(shard => (long)shard.Rows).ToString(CultureInfo.InvariantCulture),
            [JobFields.ShardsTotal] = shards.Count.ToString(CultureInfo.InvariantCulture),
            [JobFields.Progress] = Text(JobProgress.Of(committed)),
        });
        transaction.Commit();
    }

    /// <summary>Counts a planned job's shards anew from what each says of itself. The caller holds the job's lock.</summary>
    internal void Recount(string jobId)
    {
        using var connection = Connect();
        var shards = ShardStore.List(connection, jobId);
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        ShardQueue.Register(transaction, jobId, shards);
        transaction.SetRangeInHash(JobKeys.Job(jobId), [new(JobFields.Progress, Text(JobProgress.Of(shards.Where(shard => shard.Phase is ShardPhase.Committed))))]);
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
        Write(connection, jobId, JobFields.Progress, Text(progress));
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
        var now = time.GetUtcNow();
        var job = Find(connection, jobId)!;
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), new Dictionary<string, string>
        {
            [JobFields.State] = JobJson.NameOf(state),
            [JobFields.EnteredAt(state)] = JobFields.Text(now),
            [JobFields.Error] = error ?? "",
            [JobFields.ControlTicket] = "",
        });
        if (state.IsTerminal())
        {
            transaction.RemoveFromSet(JobKeys.Active, jobId);
            if (job.Tenant is { } owner)
            {
                transaction.RemoveFromSet(JobKeys.ActiveOf(owner), jobId);
            }

            ShardQueue.Clear(transaction, jobId);
        }

        WebhookEvent.Record(transaction, job with { State = state, Error = error }, now);
        transaction.Commit();
    }

    /// <summary>Takes the job's lock if nobody holds it; null otherwise.</summary>
    internal static IDisposable? TryLock(IStorageConnection connection, string jobId) => TryLockKey(connection, JobKeys.Lock(jobId));

    /// <summary>Takes any lock if nobody holds it; null otherwise.</summary>
    internal static IDisposable? TryLockKey(IStorageConnection connection, string key)
    {
        try
        {
            return connection.AcquireDistributedLock(key, TimeSpan.Zero);
        }
        catch (DistributedLockTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Changes fields of a job under its lock.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="change">The new values; null to refuse.</param>
    /// <returns>False if the change was refused, or there is no such job.</returns>
    internal bool TryChange(string jobId, Func<JobRecord, IReadOnlyDictionary<string, string>?> change)
    {
        using var connection = storage.GetConnection();
        using var held = connection.AcquireDistributedLock(JobKeys.Lock(jobId), LockPatience);
        if (Find(connection, jobId) is not { } job || change(job) is not { } fields)
        {
            return false;
        }

        if (fields.Count > 0)
        {
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetRangeInHash(JobKeys.Job(jobId), fields);
            transaction.Commit();
        }

        return true;
    }

    internal static string Text(JobProgress progress) => JsonSerializer.Serialize(progress, JobJson.Default.JobProgress);

    private static JobRecord? Find(IStorageConnection connection, string jobId) =>
        connection.GetAllEntriesFromHash(JobKeys.Job(jobId)) is { } fields ? JobFields.Read(jobId, fields) : null;

    /// <summary>What others are told of a run that begins.</summary>
    private static JobRecord Begun(JobRecord? existing, string jobId, JobSpec spec, int version, DateTimeOffset now) => new()
    {
        Id = jobId,
        Spec = spec,
        State = JobState.Planning,
        CreatedAt = existing?.CreatedAt ?? now,
        EnteredAt = new Dictionary<JobState, DateTimeOffset>(),
        Run = (existing?.Run ?? 0) + 1,
        Version = version,
    };

    private static void Write(IStorageConnection connection, string jobId, string field, string value)
    {
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Job(jobId), [new(field, value)]);
        transaction.Commit();
    }

    /// <summary>Both storages offer the extended interface (counts and ranges of sets).</summary>
    private JobStorageConnection Connect() => (JobStorageConnection)storage.GetConnection();
}
