using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>A worker of two devices is two processes, and either may die.</summary>
[Collection(nameof(DeviceFleetTests))]
public sealed partial class DeviceFleetTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_of_a_device_is_started_again_and_the_job_loses_nothing()
    {
        await using var run = await CrashRun.StartAsync(servers, "device", Token);
        var (id, worker, child, held) = await BothAtWorkAsync(run);

        Kill(child);
        held.SetResult();
        var job = await run.FollowAsync(id, Token);
        await worker.UntilAsync(() => Started(worker).Count == 2);

        Assert.Contains($"process {child}, was ended by SIGKILL", worker.Output, StringComparison.Ordinal);
        Assert.NotEqual(child, Started(worker)[1]);
        Assert.Equal(JobState.Completed, job.State);
        await run.AssertWholeAsync("the process of a device", Token);
    }

    [Fact]
    public async Task A_process_of_a_device_ends_with_the_one_that_started_it()
    {
        await using var run = await CrashRun.StartAsync(servers, "devices", Token);
        var (id, worker, child, held) = await BothAtWorkAsync(run);

        Kill(worker.Id);
        held.SetResult();
        await PipelineProcess.EndedAsync([child]);
        await worker.WaitAsync();
        var job = await run.FollowAsync(id, Token);

        Assert.Equal(JobState.Completed, job.State);
        await run.AssertWholeAsync("the worker of several devices", Token);
    }

    /// <summary>Also where all devices are called the same.</summary>
    [Fact]
    public async Task A_worker_is_ready_once_the_processes_of_all_devices_are_and_takes_them_along_when_it_stops()
    {
        await using var run = await CrashRun.StartAsync(servers, "ready", Token);
        var worker = run.StartWorker("--device", "cpu,cpu,cpu");
        using var client = new HttpClient();
        await worker.UntilAsync(() => Listening(worker) is { Count: 3 } all && all.TrueForAll(IsReady));
        var (children, until) = (Started(worker), worker.Output.Length);

        worker.Interrupt();
        await worker.WaitAsync();
        await PipelineProcess.EndedAsync(children);

        worker.AssertExit(0);
        Assert.Equal(2, children.Count);
        Assert.DoesNotContain("fail:", worker.Output[until..], StringComparison.Ordinal);

        bool IsReady(Uri address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "readyz"));
            using var answer = client.Send(request, Token);
            return answer.IsSuccessStatusCode;
        }
    }

    /// <summary>A job whose shards are with both processes, and are not committed before the last value is set.</summary>
    private static async Task<(string Job, PipelineProcess Worker, int Child, TaskCompletionSource Held)> BothAtWorkAsync(CrashRun run)
    {
        var held = new TaskCompletionSource();
        run.OnStep = step => step.StartsWith("PUT _pipeline/staged/", StringComparison.Ordinal) && !held.Task.IsCompleted ? new ProxyFault.After(held.Task.WaitAsync) : null;
        var id = await run.SubmitAsync(Token);
        var worker = run.StartWorker("--device", "cpu,cpu");
        await worker.UntilAsync(() => Started(worker).Count == 1);
        var child = Started(worker)[0];
        await worker.UntilAsync(() => HasShard(worker.Id) && HasShard(child));
        return (id, worker, child, held);

        bool HasShard(int process) => run.StatusesOf(id).Any(shard => shard.Phase is ShardPhase.Running && shard.Worker == $"{Environment.MachineName}:{process}");
    }

    /// <summary>Ids of the processes that it started for its second device, in their order.</summary>
    private static List<int> Started(PipelineProcess worker) => [.. StartedLine().Matches(worker.Output).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    /// <summary>Where it and those that it started, which write into the same pipe, answer probes.</summary>
    private static List<Uri> Listening(PipelineProcess worker) => [.. ListeningLine().Matches(worker.Output).Select(match => new Uri(match.Groups[1].Value))];

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    [GeneratedRegex(@"The worker for cpu is process (\d+),")]
    private static partial Regex StartedLine();

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex ListeningLine();
}
