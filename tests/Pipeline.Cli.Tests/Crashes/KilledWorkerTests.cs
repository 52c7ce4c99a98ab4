namespace Pipeline.Cli.Tests.Crashes;

/// <summary>Whatever step a worker dies at, the dataset is whole: one row an image, each shard committed once.</summary>
[Collection(nameof(KilledWorkerTests))]
public sealed class KilledWorkerTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private readonly CrashSteps _steps = new(servers);

    /// <summary>The store has done what it was asked; the worker dies before it hears of it.</summary>
    [Fact]
    public async Task A_worker_may_be_killed_behind_every_step() =>
        await _steps.KillAtEachAsync("worker", await _steps.ListAsync("worker-steps"), run => run.KillWorkersAsync());
}
