using Hangfire;
using Hangfire.Storage;

namespace Pipeline.Worker.Tests.Progress;

/// <summary>A storage that is down for a while.</summary>
internal sealed class InterruptedStorage(JobStorage inner) : JobStorage
{
    public bool IsDown { get; set; }

    public override IMonitoringApi GetMonitoringApi() => inner.GetMonitoringApi();

    public override IStorageConnection GetConnection() => IsDown ? throw new InvalidOperationException("The storage is down.") : inner.GetConnection();
}
