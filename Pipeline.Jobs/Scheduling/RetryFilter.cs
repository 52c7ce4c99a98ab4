using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// Tries again what may succeed then, a few times with growing delays; what cannot succeed fails at once. A store that is down or full, or a disk that is, delays
/// its jobs, for a day if need be, and costs them none of these tries.
/// </summary>
internal sealed class RetryFilter : JobFilterAttribute, IElectStateFilter, IApplyStateFilter
{
    private const string Waits = "StoreWaits";

    /// <summary>About a day of the longest delay.</summary>
    private const int MostWaits = 1_440;

    private static readonly int[] s_waitSeconds = [2, 5, 15, 30, 60];

    private readonly AutomaticRetryAttribute _retry = new()
    {
        Attempts = 5,
        DelaysInSeconds = [2, 5, 15, 30, 60],
        OnAttemptsExceeded = AttemptsExceededAction.Fail,
    };

    // After the filters that set a queue, as the attribute wrapped here asks for.
    public RetryFilter() => Order = _retry.Order;

    public static bool IsPermanent(Exception exception) => exception is
        PermanentJobException or ObjectStoreException { IsTransient: false } or ObjectLocationException;

    public static bool IsForTheStore(Exception exception) => exception is ObjectStoreException
    {
        Fault: ObjectStoreFault.Unavailable or ObjectStoreFault.Throttled or ObjectStoreFault.Outage or ObjectStoreFault.Full,
    };

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState { Exception: WebhookAttemptException attempt })
        {
            // A receiver has its own schedule, over days.
            context.CandidateState = new ScheduledState(attempt.RetryAt.UtcDateTime) { Reason = attempt.Message };
        }
        else if (context.CandidateState is FailedState waiting && IsForTheStore(waiting.Exception) && context.GetJobParameter<int>(Waits) < MostWaits)
        {
            Wait(context, waiting.Exception);
        }
        else if (context.CandidateState is FailedState failed && !IsPermanent(failed.Exception))
        {
            _retry.OnStateElection(context);
        }
    }

    private static void Wait(ElectStateContext context, Exception trouble)
    {
        var waits = context.GetJobParameter<int>(Waits) + 1;
        context.SetJobParameter(Waits, waits);
        context.CandidateState = new ScheduledState(TimeSpan.FromSeconds(s_waitSeconds[Math.Min(waits, s_waitSeconds.Length) - 1]))
        {
            Reason = $"Waits for the store, for the {waits}. time: {trouble.Message}",
        };
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        _retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        _retry.OnStateUnapplied(context, transaction);
}
