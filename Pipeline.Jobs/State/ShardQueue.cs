using System.Globalization;
using Hangfire.Storage;

namespace Pipeline.Jobs.State;

/// <summary>
/// Which shards of a job wait for a place and which have one, in two sets, so that a look at a job costs what is under way and not what is planned.
/// Every shard that is not committed is in exactly one of them; all changes are made under the job's lock.
/// </summary>
internal static class ShardQueue
{
    /// <summary>Shards that were begun before stand in front of all fresh ones, whose turns are spread over as much again.</summary>
    private const double FreshFrom = 1e9;

    /// <summary>The golden ratio's fraction.</summary>
    private const double Golden = 0.6180339887498949;

    /// <summary>Puts all shards that are not committed into their sets: those that run already, begun by an earlier run, have a place but no Hangfire job.</summary>
    public static void Register(JobStorageTransaction transaction, string jobId, IReadOnlyCollection<ShardStatus> statuses)
    {
        Clear(transaction, jobId);
        foreach (var status in statuses)
        {
            switch (status.Phase)
            {
                case ShardPhase.Committed:
                    break;
                case ShardPhase.Running:
                    transaction.AddToSet(JobKeys.Taken(jobId), new TakenShard(status.Shard, "", "").ToString());
                    break;
                default:
                    Wait(transaction, jobId, status.Shard, wasBegun: status.Attempt > 0);
                    break;
            }
        }
    }

    public static void Clear(IWriteOnlyTransaction transaction, string jobId)
    {
        ((JobStorageTransaction)transaction).RemoveSet(JobKeys.Waiting(jobId));
        ((JobStorageTransaction)transaction).RemoveSet(JobKeys.Taken(jobId));
    }

    public static long CountWaiting(JobStorageConnection connection, string jobId) => connection.GetSetCount(JobKeys.Waiting(jobId));

    /// <summary>The shard that is next, or null if none waits: one that was begun before, or the fresh one whose turn it is.</summary>
    public static int? Next(JobStorageConnection connection, string jobId) =>
        connection.GetFirstByLowestScoreFromSet(JobKeys.Waiting(jobId), 0, double.MaxValue) is { } shard ? int.Parse(shard, CultureInfo.InvariantCulture) : null;

    public static IReadOnlyList<TakenShard> Taken(JobStorageConnection connection, string jobId) =>
        [.. connection.GetAllItemsFromSet(JobKeys.Taken(jobId)).Select(TakenShard.Parse).OrderBy(taken => taken.Shard)];

    /// <summary>A waiting shard gets a place.</summary>
    public static void Take(IWriteOnlyTransaction transaction, string jobId, TakenShard taken)
    {
        transaction.RemoveFromSet(JobKeys.Waiting(jobId), Field(taken.Shard));
        transaction.AddToSet(JobKeys.Taken(jobId), taken.ToString());
    }

    /// <summary>A shard leaves its place: committed, or to wait for another in front of all fresh ones.</summary>
    public static void Leave(IWriteOnlyTransaction transaction, string jobId, TakenShard taken, bool isCommitted)
    {
        transaction.RemoveFromSet(JobKeys.Taken(jobId), taken.ToString());
        if (!isCommitted)
        {
            Wait(transaction, jobId, taken.Shard, wasBegun: true);
        }
    }

    private static void Wait(IWriteOnlyTransaction transaction, string jobId, int shard, bool wasBegun) =>
        transaction.AddToSet(JobKeys.Waiting(jobId), Field(shard), wasBegun ? shard : FreshFrom * (1 + TurnOf(shard)));

    /// <summary>
    /// Between 0 and 1. By the golden ratio's multiples, whose fractions fall evenly whatever their number, those that were begun are at all times spread over the whole job: neighbours
    /// are alike (a folder, a camera), and so the part that is done tells of the part that is not, in its speed and in what fails.
    /// </summary>
    private static double TurnOf(int shard) => shard * Golden % 1;

    private static string Field(int shard) => shard.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A shard that has a place.</summary>
/// <param name="Shard">0-based.</param>
/// <param name="Queue">Hangfire queue of its ticket.</param>
/// <param name="Ticket">Hangfire's id of the job enqueued for it last; empty for one that an earlier run left running.</param>
internal readonly record struct TakenShard(int Shard, string Queue, string Ticket)
{
    public static TakenShard Parse(string text) => text.Split(':', 3) is [var shard, var queue, var ticket]
        ? new TakenShard(int.Parse(shard, CultureInfo.InvariantCulture), queue, ticket)
        : throw new FormatException($"\"{text}\" is no shard with a place.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Shard}:{Queue}:{Ticket}");
}
