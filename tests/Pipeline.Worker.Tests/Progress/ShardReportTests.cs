using Hangfire.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;
using Pipeline.Worker.Progress;

namespace Pipeline.Worker.Tests.Progress;

public sealed class ShardReportTests : IDisposable
{
    private const string Job = "job-0123456789abcdef";
    private readonly InMemoryStorage _storage = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ShardStore _shards;

    public ShardReportTests() => _shards = new ShardStore(_storage);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ShardStatus Status => _shards.Find(Job, 3)!;

    [Fact]
    public async Task An_attempt_is_known_before_any_work_starts()
    {
        await using var first = Begin();
        Assert.Equal((1, ShardPhase.Running, 10), (Status.Attempt, Status.Phase, Status.Rows));

        await using var second = Begin();
        Assert.Equal((2, ShardPhase.Running), (Status.Attempt, Status.Phase));
    }

    [Fact]
    public async Task Rows_are_told_once_a_second_and_not_at_each_row()
    {
        await using var report = Begin();
        report.Add(Row(null));
        report.Add(Row(RowFailure.NotAnImage));
        Assert.Equal(0, Status.Done);

        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => Status.Done == 2);
        Assert.Equal(1, Status.FailedRows);
        Assert.Equal(_time.GetUtcNow(), Status.UpdatedAt);
    }

    [Fact]
    public async Task A_shard_that_gets_no_further_still_says_that_it_lives()
    {
        await using var report = Begin();
        var before = Status.UpdatedAt;

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => Status.UpdatedAt >= before + TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task The_last_word_is_the_last_also_for_the_heartbeat()
    {
        await using var report = Begin();
        await report.CommittedAsync(new ShardCommit
        {
            Shard = 3,
            Attempt = 1,
            Worker = "w",
            StagedFile = "s",
            File = "f",
            Rows = 10,
            FailedRows = 2,
            Bytes = 1,
            Sha256 = "",
            CommittedAt = default,
        });

        _time.Advance(TimeSpan.FromMinutes(1));
        await Task.Yield();

        Assert.Equal((ShardPhase.Committed, 10, 2), (Status.Phase, Status.Done, Status.FailedRows));
    }

    [Fact]
    public async Task A_failed_attempt_says_why()
    {
        await using var report = Begin();
        await report.FailedAsync("no space", Token);

        Assert.Equal((ShardPhase.Failed, "no space", 0), (Status.Phase, Status.Error, Status.Done));
    }

    [Fact]
    public async Task One_that_was_taken_for_dead_does_not_speak_for_its_successor()
    {
        await using var dead = Begin();
        await using var successor = Begin();

        Assert.False(await dead.HandedBackAsync());

        Assert.Equal((2, ShardPhase.Running), (Status.Attempt, Status.Phase));
    }

    [Fact]
    public async Task One_that_was_taken_for_dead_hears_of_it_and_may_not_commit()
    {
        await using var dead = Begin();
        dead.AssertHeld();
        await using var successor = Begin();

        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => dead.Lost.IsCancellationRequested);
        Assert.Contains("attempt 2", Assert.Throws<LeaseLostException>(dead.AssertHeld).Message);
        Assert.Throws<LeaseLostException>(dead.Acquit);
        Assert.Equal(2, Status.Attempt);
        successor.AssertHeld();
        Assert.False(successor.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_death_is_an_attempt_that_ended_without_a_word()
    {
        await using var failed = Begin();
        await failed.FailedAsync("no space", Token);
        await using var handedBack = Begin();
        await handedBack.HandedBackAsync();
        await using var dying = Begin();
        Assert.Null(dying.Crashes);

        await using var next = Begin();

        Assert.Equivalent(new ShardCrashes { Count = 1, Suspects = 10 }, next.Crashes);
        Assert.Equal(Enumerable.Range(0, 5), next.BeginTrial());
        Assert.Equal(5, Status.Crashes!.OnTrial);
        await next.HandedBackAsync();
        Assert.Equivalent(new ShardCrashes { Count = 1, Suspects = 10 }, Status.Crashes);
    }

    [Fact]
    public async Task An_outage_of_the_storage_is_no_death()
    {
        var storage = new InterruptedStorage(_storage);
        await using var report = Begin(new ShardStore(storage));
        storage.IsDown = true;

        var told = report.FailedAsync("no database", Token);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(told.IsCompleted);
        storage.IsDown = false;
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return told.IsCompleted;
        });

        Assert.True(await told);
        Assert.Equal((ShardPhase.Failed, "no database"), (Status.Phase, Status.Error));
        await using var next = Begin();
        Assert.Null(next.Crashes);
    }

    [Fact]
    public async Task A_worker_that_stops_does_not_wait_for_the_storage()
    {
        var storage = new InterruptedStorage(_storage);
        await using var report = Begin(new ShardStore(storage));
        storage.IsDown = true;
        using var stop = new CancellationTokenSource();

        var told = report.FailedAsync("no database", stop.Token);
        await stop.CancelAsync();

        Assert.True(await told);
        Assert.Equal(ShardPhase.Running, Status.Phase);
    }

    public void Dispose() => _storage.Dispose();

    private ShardReport Begin(ShardStore? shards = null) => ShardReport.Begin(shards ?? _shards, Job, 3, 10, "machine:1", _time, NullLogger.Instance);

    private static AnnotationRow Row(RowFailure? failure) => new() { Id = "a", SourceUri = "file:///a", SourceETag = "", Failure = failure };
}
