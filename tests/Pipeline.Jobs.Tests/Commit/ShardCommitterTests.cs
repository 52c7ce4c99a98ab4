using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Commit;

public sealed class ShardCommitterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_puts_the_rows_where_readers_look()
    {
        using var scenario = await CommitScenario.CreateAsync();

        var commit = await scenario.CommitAsync(scenario.Output, shard: 1);

        Assert.Equal("data/train-00001-of-00003.parquet", commit.File);
        Assert.Equal((1, 2, 1), (commit.Attempt, commit.Rows, commit.FailedRows));
        Assert.Equal(scenario.Time.GetUtcNow(), commit.CommittedAt);
        Assert.Equal([["2.jpg"], ["3.jpg"]], scenario.ReadDataset());
        Assert.Equal(WithoutStatistics(commit), WithoutStatistics((await new CommitLog(scenario.Output).FindAsync(1, Stop))!));
        Assert.Null(await new CommitLog(scenario.Output).FindAsync(0, Stop));
        Assert.Empty(await scenario.KeysAsync(OutputLayout.Staged));
    }

    [Fact]
    public async Task The_log_lists_commits_in_the_order_of_their_shards()
    {
        using var scenario = await CommitScenario.CreateAsync();
        foreach (var shard in (int[])[2, 0])
        {
            await scenario.CommitAsync(scenario.Output, shard);
        }

        Assert.Equal([0, 2], await new CommitLog(scenario.Output).ListAsync(Stop).Select(commit => commit.Shard).ToListAsync(Stop));
    }

    [Fact]
    public async Task Of_attempts_that_race_one_counts_and_the_others_leave_nothing()
    {
        using var scenario = await CommitScenario.CreateAsync();
        var attempts = new List<ShardAttempt>();
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            attempts.Add(await scenario.AnnotateAsync(shard: 0, attempt));
        }

        var commits = await Task.WhenAll(attempts.Select(attempt =>
            Task.Run(() => new ShardCommitter(scenario.Output, scenario.Time).CommitAsync(attempt, Stop))));

        var winner = Assert.Single(commits.Select(WithoutStatistics).Distinct());
        Assert.Equal(
            [["0.jpg", $"by attempt {winner.Attempt}"], ["1.jpg", $"by attempt {winner.Attempt}"]],
            scenario.ReadDataset("id, caption"));
        Assert.Empty(await scenario.KeysAsync(OutputLayout.Staged));
        Assert.Equal([winner.File], await scenario.KeysAsync(OutputLayout.Data));
    }

    [Fact]
    public async Task A_late_attempt_changes_nothing()
    {
        using var scenario = await CommitScenario.CreateAsync();
        var first = await scenario.CommitAsync(scenario.Output, shard: 0, attempt: 1);

        var late = await scenario.CommitAsync(scenario.Output, shard: 0, attempt: 2);

        Assert.Equal(WithoutStatistics(first), WithoutStatistics(late));
        Assert.Equal([["by attempt 1"], ["by attempt 1"]], scenario.ReadDataset("caption"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_step_a_worker_dies_at_the_next_attempt_ends_with_each_row_once(bool afterEffect)
    {
        var step = 0;
        for (var crashed = true; crashed; step++)
        {
            using var scenario = await CommitScenario.CreateAsync();
            var store = new CrashingStore(scenario.Output, step, afterEffect);
            var died = await Record.ExceptionAsync(() => scenario.CommitAsync(store, shard: 0, attempt: 1));
            crashed = store.Crashed;
            Assert.Equal(crashed, died is CrashException);

            var commit = await scenario.CommitAsync(scenario.Output, shard: 0, attempt: 2);
            await scenario.CommitAsync(scenario.Output, shard: 1);
            await scenario.CommitAsync(scenario.Output, shard: 2);
            await scenario.FinalizeAsync(scenario.Output);

            Assert.Equal(["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], scenario.ReadDataset().Select(row => row[0]));
            Assert.Equal($"by attempt {commit.Attempt}", scenario.ReadDataset("caption")[0][0]);
            Assert.Empty(await scenario.KeysAsync(OutputLayout.Staged));
            Assert.Equal(3, (await scenario.KeysAsync(OutputLayout.Data)).Count);
        }

        // Look, stage, create, look for the data file, copy, delete the staged one.
        Assert.Equal(6, step - 1);
    }

    [Fact]
    public async Task Rows_that_are_nowhere_any_more_are_a_fault_that_says_what_to_do()
    {
        using var scenario = await CommitScenario.CreateAsync();
        var commit = await scenario.CommitAsync(scenario.Output, shard: 0);
        await scenario.Output.DeleteAsync(commit.File, Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => scenario.CommitAsync(scenario.Output, shard: 0));

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("delete", fault.Message, StringComparison.Ordinal);
        Assert.Contains("_pipeline/commits/00000.json", fault.Message, StringComparison.Ordinal);
        await scenario.Output.DeleteAsync(OutputLayout.CommitOf(0), Stop);
        await scenario.CommitAsync(scenario.Output, shard: 0);
        Assert.Equal(2, scenario.ReadDataset().Count);
    }

    /// <summary>Two records of one commit hold equal statistics, but not the same lists.</summary>
    private static ShardCommit WithoutStatistics(ShardCommit commit) => commit with { Statistics = null };
}
