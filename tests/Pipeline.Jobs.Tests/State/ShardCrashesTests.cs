using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.State;

public sealed class ShardCrashesTests
{
    [Fact]
    public void Any_one_poison_row_of_any_shard_is_alone_after_log2_deaths_on_trial()
    {
        for (var rows = 1; rows <= 130; rows++)
        {
            for (var poison = 0; poison < rows; poison++)
            {
                var (crashes, deaths) = RunToTheEnd(rows, [poison]);

                Assert.Equal([poison], crashes.Convicted);
                Assert.InRange(deaths - 1, 1, Math.Max(1, (int)Math.Ceiling(Math.Log2(rows))));
            }
        }
    }

    [Fact]
    public void Several_poison_rows_are_found_one_after_the_other_and_no_other_row_is_written_off()
    {
        var (crashes, deaths) = RunToTheEnd(1_000, [0, 499, 500, 999]);

        Assert.Equal([0, 499, 500, 999], crashes.Convicted.Order());
        Assert.InRange(deaths, 1, 4 * 11);
    }

    [Fact]
    public void Workers_killed_from_outside_convict_nobody()
    {
        ShardCrashes? crashes = null;
        for (var death = 1; death <= 20; death++)
        {
            crashes = ShardCrashes.AfterDeath(crashes, 8);
        }

        Assert.Equivalent(new ShardCrashes { Count = 20, Suspects = 8 }, crashes);
    }

    /// <summary>Attempt after attempt, as workers run them, until one does not die.</summary>
    private static (ShardCrashes Crashes, int Deaths) RunToTheEnd(int rows, HashSet<int> poison)
    {
        var crashes = ShardCrashes.AfterDeath(null, rows);
        while (true)
        {
            var deadly = poison.Except(crashes.Convicted).ToHashSet();
            var died = false;
            while (!died && crashes.Suspects > 0)
            {
                crashes = crashes.BeginTrial();
                died = Enumerable.Range(crashes.From, crashes.OnTrial).Any(deadly.Contains);
                crashes = died ? crashes : crashes.Acquit();
            }

            if (!died && deadly.Count == 0)
            {
                return (crashes, crashes.Count);
            }

            crashes = ShardCrashes.AfterDeath(crashes, rows);
        }
    }
}
