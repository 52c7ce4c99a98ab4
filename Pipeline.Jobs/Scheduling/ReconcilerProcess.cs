using Hangfire.Server;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Runs the <see cref="Reconciler"/> in a Hangfire server for as long as that lives; Hangfire restarts it after an error, with growing pauses.</summary>
public sealed class ReconcilerProcess(Reconciler reconciler, SchedulingOptions options) : IBackgroundProcess
{
    public void Execute(BackgroundProcessContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        reconciler.Step(context.StoppingToken);
        context.Wait(options.Interval);
    }

    public override string ToString() => nameof(ReconcilerProcess);
}
