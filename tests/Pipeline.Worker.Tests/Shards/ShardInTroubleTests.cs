using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;
using Pipeline.Worker.Hosting;

[assembly: AssemblyFixture(typeof(SharedCephS3))]

namespace Pipeline.Worker.Tests.Shards;

/// <summary>Shards whose images and output lie on a real S3 server that gets into trouble, and on a disk that is full.</summary>
public sealed class ShardInTroubleTests(SharedCephS3 shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_trouble_of_one_object_is_the_typed_failure_of_its_row_and_of_no_other()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        using var job = await OnS3Async(server, proxy, ["1-fine", "2-gone", "3-forbidden", "4-flipped", "5-dripping", "6-broken", "7-cut", "8-fine"]);
        await job.Stores.Open(job.Spec.Source).DeleteAsync("2-gone.jpg", Stop);
        proxy.FaultOf = request => FaultOf(request.Path.Value!);

        await job.RunAsync(new FakeAnnotator());

        var rows = await job.RowsAsync();
        Assert.Equal(
            [
                null, RowFailure.SourceMissing, RowFailure.SourceForbidden, RowFailure.SourceCorrupt, RowFailure.SourceUnreadable,
                RowFailure.SourceUnreadable, RowFailure.SourceUnreadable, null,
            ],
            rows.Select(row => row.Failure));
        Assert.Contains("MD5", rows[3].FailureMessage, StringComparison.Ordinal);
        Assert.Contains("drops", rows[4].FailureMessage, StringComparison.Ordinal);
        Assert.Contains("500 InternalError", rows[5].FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_in_the_midst_of_a_shard_delays_it_and_costs_no_row_and_no_answer()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        var names = Enumerable.Range(0, 30).Select(i => $"{i:00}").ToArray();
        using var job = await OnS3Async(server, proxy, names);
        var refused = 0;
        var annotator = new FakeAnnotator
        {
            BeforeAnswer = (text, _) =>
            {
                if (text == "05")
                {
                    proxy.FaultOf = _ => Interlocked.Increment(ref refused) <= 40 ? new ProxyFault.Refuse(503, "SlowDown") : null;
                }

                return Task.CompletedTask;
            },
        };

        await job.RunAsync(annotator);

        Assert.InRange(refused, 41, int.MaxValue);
        Assert.All(await job.RowsAsync(), row => Assert.Null(row.Failure));
        Assert.Equal(names, annotator.Answered);
        Assert.Equal(1, (await job.CommitAsync())!.Attempt);
    }

    [Fact]
    public async Task An_outage_when_all_rows_are_made_is_waited_for_and_nothing_is_asked_of_the_model_again()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        using var job = await OnS3Async(server, proxy, ["a", "b", "c"]);
        var refused = 0;
        proxy.FaultOf = request => request.Path.Value!.Contains("/staged/", StringComparison.Ordinal) && Interlocked.Increment(ref refused) <= 15
            ? new ProxyFault.Refuse(500, "InternalError")
            : null;
        var annotator = new FakeAnnotator();

        await job.RunAsync(annotator);

        Assert.InRange(refused, 16, int.MaxValue);
        Assert.Equal(["a", "b", "c"], annotator.Answered);
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], (await job.RowsAsync()).Select(row => row.Id));
        Assert.Empty(await job.StagedAsync());
    }

    [Fact]
    public async Task An_outage_longer_than_patience_fails_the_attempt_with_its_reason_and_the_next_makes_all_rows()
    {
        var server = await shared.StartedAsync();
        await using var proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        using var job = await OnS3Async(server, proxy, ["a", "b", "c"]);
        proxy.FaultOf = request => request.Path.Value!.Contains("/out/", StringComparison.Ordinal) && request.Method == HttpMethods.Put
            ? new ProxyFault.Refuse(503, "SlowDown")
            : null;

        var outage = await Assert.ThrowsAsync<ObjectStoreException>(() => job.RunAsync(new FakeAnnotator(), options: new WorkerOptions { StorePatienceSeconds = 0 }));

        Assert.Equal(ObjectStoreFault.Throttled, outage.Fault);
        Assert.Equal(ShardPhase.Failed, job.Shards.Find(job.Id, 0)!.Phase);
        Assert.Contains("503", job.Shards.Find(job.Id, 0)!.Error, StringComparison.Ordinal);
        Assert.Null(await job.CommitAsync());

        proxy.FaultOf = _ => null;
        await job.RunAsync(new FakeAnnotator());
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], (await job.RowsAsync()).Select(row => row.Id));
    }

    [Fact]
    public async Task A_full_disk_fails_the_attempt_with_its_reason_and_no_row_is_lost_once_there_is_room()
    {
        using var disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "This user may not mount a file system.");
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "fine too"));
        var filler = Path.Combine(disk.Folder, "filler");
        Assert.Throws<IOException>(() => File.WriteAllBytes(filler, new byte[SmallDisk.Bytes * 2]));
        var options = new WorkerOptions { StagingFolder = disk.Folder };

        var full = await Assert.ThrowsAsync<ObjectStoreException>(() => job.RunAsync(new FakeAnnotator(), options: options));

        Assert.Equal(ObjectStoreFault.Full, full.Fault);
        Assert.Contains(disk.Folder, full.Message, StringComparison.Ordinal);
        Assert.Equal((ShardPhase.Failed, full.Message), (job.Shards.Find(job.Id, 0)!.Phase, job.Shards.Find(job.Id, 0)!.Error));
        Assert.Equal([filler], Directory.GetFiles(disk.Folder));

        File.Delete(filler);
        await job.RunAsync(new FakeAnnotator(), options: options);
        Assert.Equal(["a.jpg", "b.jpg"], (await job.RowsAsync()).Select(row => row.Id));
        Assert.Empty(Directory.GetFiles(disk.Folder));
    }

    private static ProxyFault? FaultOf(string path) => path switch
    {
        _ when path.EndsWith("3-forbidden.jpg", StringComparison.Ordinal) => new ProxyFault.Refuse(403, "AccessDenied"),
        _ when path.EndsWith("4-flipped.jpg", StringComparison.Ordinal) => new ProxyFault.Flip(0),
        _ when path.EndsWith("5-dripping.jpg", StringComparison.Ordinal) => new ProxyFault.Drip(0, TimeSpan.FromMilliseconds(400)),
        _ when path.EndsWith("6-broken.jpg", StringComparison.Ordinal) => new ProxyFault.Refuse(500, "InternalError"),
        _ when path.EndsWith("7-cut.jpg", StringComparison.Ordinal) => new ProxyFault.Cut(0),
        _ => null,
    };

    private static async Task<TestJob> OnS3Async(CephS3Server server, FaultyProxy proxy, string[] names)
    {
        var s3 = new S3Options
        {
            Endpoint = proxy.Endpoint,
            AccessKey = server.AccessKey,
            SecretKey = server.SecretKey,
            MinimumBytesPerSecond = 1_000,
            SlowAfter = TimeSpan.FromMilliseconds(500),
        };
        return await TestJob.CreateOnS3Async(s3, await server.CreateBucketAsync(Stop), [.. names.Select(name => ($"{name}.jpg", name))]);
    }

    /// <summary>A file system of a few pages.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public const int Bytes = 1 << 16;

        private SmallDisk(string folder) => Folder = folder;

        public string Folder { get; }

        public static SmallDisk? TryMount()
        {
            var folder = Directory.CreateTempSubdirectory("pipeline-small-disk-").FullName;
            if (Run("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", folder))
            {
                return new SmallDisk(folder);
            }

            Directory.Delete(folder);
            return null;
        }

        public void Dispose()
        {
            Run("umount", Folder);
            Directory.Delete(Folder);
        }

        private static bool Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
