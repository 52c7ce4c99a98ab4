namespace Pipeline.Jobs.Tests.Storage;

/// <summary>A clock whose timers fire at once, so that retries do not wait. Counts them.</summary>
internal sealed class ImmediateTime : TimeProvider
{
    private int timers;

    public int Timers => timers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref timers);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
