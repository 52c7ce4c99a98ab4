using Hangfire;
using Hangfire.States;
using Hangfire.Storage;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Issues Hangfire jobs, and says what became of them.</summary>
internal sealed class TicketDesk(IBackgroundJobClient client)
{
    public string Plan(string jobId) =>
        client.Enqueue<IPlanJob>(Queues.Control, job => job.RunAsync(jobId, CancellationToken.None));

    public string Shard(string jobId, int shard, string queue) =>
        client.Enqueue<IShardJob>(queue, job => job.RunAsync(jobId, shard, null, CancellationToken.None));

    public string Finalize(string jobId) =>
        client.Enqueue<IFinalizeJob>(Queues.Control, job => job.RunAsync(jobId, CancellationToken.None));

    /// <summary>Deletes a Hangfire job; one being processed has its token cancelled within a few seconds.</summary>
    public void Delete(string ticket) => client.Delete(ticket);

    /// <summary>Deletes all that there are.</summary>
    public void Delete(IEnumerable<string?> tickets)
    {
        foreach (var ticket in tickets.Where(ticket => !string.IsNullOrEmpty(ticket)))
        {
            Delete(ticket!);
        }
    }

    public static Ticket Look(IStorageConnection connection, string? ticket)
    {
        if (string.IsNullOrEmpty(ticket) || connection.GetJobData(ticket) is not { State: { } state })
        {
            return new Ticket(TicketFate.None);
        }

        return state switch
        {
            _ when state == DeletedState.StateName => new Ticket(TicketFate.None),
            _ when state == SucceededState.StateName => new Ticket(TicketFate.Succeeded),
            _ when state == FailedState.StateName => new Ticket(TicketFate.Failed, ErrorOf(connection, ticket)),
            _ when state == EnqueuedState.StateName => new Ticket(TicketFate.Queued),
            _ when state == ScheduledState.StateName => new Ticket(TicketFate.Retrying),
            _ => new Ticket(TicketFate.Processing),
        };
    }

    private static string? ErrorOf(IStorageConnection connection, string ticket) =>
        connection.GetStateData(ticket)?.Data.TryGetValue("ExceptionMessage", out var message) is true ? message : null;
}
