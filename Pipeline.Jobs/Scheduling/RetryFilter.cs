using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Tries again what may succeed then, a few times with growing delays; what cannot succeed fails at once.</summary>
internal sealed class RetryFilter : JobFilterAttribute, IElectStateFilter, IApplyStateFilter
{
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

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed && !IsPermanent(failed.Exception))
        {
            _retry.OnStateElection(context);
        }
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        _retry.OnStateApplied(context, transaction);

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) =>
        _retry.OnStateUnapplied(context, transaction);
}
