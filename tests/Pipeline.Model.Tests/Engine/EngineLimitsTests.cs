using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Tests.Engine;

public sealed class EngineLimitsTests
{
    private const long Plenty = 1L << 40;

    private static readonly DragonflyConfig s_config = CheckpointFolder.ReadConfig(TinyCheckpoint.Shipped);

    [Fact]
    public void The_defaults_hold_every_sequence_of_the_longest_where_memory_allows()
    {
        EngineLimits limits = Resolve(new EngineOptions());

        int text = limits.MaxModelLen - s_config.ImagePositions;
        Assert.Equal(new KvLayout(32, 32 * KvLayout.BlocksFor(text)), limits.Layout);
        Assert.Equal(4 * s_config.Crops, limits.MaxNumCrops);
        Assert.Equal(Math.Max(8_192, limits.MaxModelLen), limits.MaxNumBatchedTokens);
        Assert.True(limits.SharesImages);
    }

    [Fact]
    public void The_least_memory_holds_one_image_and_one_sequence_and_a_byte_less_is_refused_with_the_numbers()
    {
        int length = s_config.ImagePositions + 100;
        long least = new KvBudget(s_config, 4, 32, length).Least;

        Assert.Equal(new KvLayout(1, 7), Resolve(new EngineOptions { MaxModelLen = length, KvCacheMemory = least }).Layout);
        var refused = Assert.Throws<ModelLoadException>(() => Resolve(new EngineOptions { MaxModelLen = length, KvCacheMemory = least - 1 }));
        Assert.Contains($"{least - 1:N0}", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{least:N0}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_never_takes_more_than_its_memory_and_leaves_less_than_a_block_that_could_be_used()
    {
        var budget = new KvBudget(s_config, 4, 8, s_config.ImagePositions + 600);
        long block = budget.Bytes(new KvLayout(0, 1));
        long most = budget.Bytes(new KvLayout(8, 8 * KvLayout.BlocksFor(600)));
        for (long memory = budget.Least; memory < most; memory += most / 97)
        {
            KvLayout layout = budget.Divide(memory);
            Assert.InRange(memory - budget.Bytes(layout), 0, block - 1);
            Assert.InRange(layout.ImageSlots, 1, 8);
            Assert.True(layout.Blocks >= KvLayout.BlocksFor(600));
        }

        Assert.Equal(most, budget.Bytes(budget.Divide(Plenty)));
    }

    [Fact]
    public void A_quarter_of_the_memory_is_the_default_and_the_least_where_a_quarter_is_too_little()
    {
        var budget = new KvBudget(s_config, 4, 32, Resolve(new EngineOptions()).MaxModelLen);

        Assert.InRange(budget.Bytes(Resolve(new EngineOptions(), 8 * budget.Least).Layout), budget.Least, 2 * budget.Least);
        Assert.Equal(budget.Divide(budget.Least), Resolve(new EngineOptions(), 2 * budget.Least).Layout);
        Assert.Throws<ModelLoadException>(() => Resolve(new EngineOptions(), budget.Least - 1));
    }

    [Fact]
    public void All_faults_come_at_once_each_with_its_value()
    {
        var refused = Assert.Throws<ModelLoadException>(() => Resolve(new EngineOptions { MaxNumSeqs = 0, MaxNumBatchedTokens = 77, MaxNumCrops = 3 }));

        Assert.Equal(3, refused.Faults.Count);
        Assert.Contains(refused.Faults, fault => fault.Contains("max_num_seqs is 0", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, fault => fault.Contains("max_num_batched_tokens is 77", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, fault => fault.Contains("max_num_crops is 3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sequence_has_blocks_for_what_a_step_may_run_behind_its_end()
    {
        EngineLimits one = Resolve(new EngineOptions()), several = Resolve(new EngineOptions { NumSchedulerSteps = 17 });

        Assert.Equal((1, 17), (one.NumDecodeSteps, several.NumDecodeSteps));
        Assert.Equal(one.Layout.Blocks + one.MaxNumSeqs, several.Layout.Blocks);
        Assert.Contains("num_scheduler_steps is 65: take 1 to 64", Assert.Throws<ModelLoadException>(() => Resolve(new EngineOptions { NumSchedulerSteps = 65 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_without_room_behind_the_image_is_refused() => Assert.Contains(
        $"{s_config.ImagePositions} positions",
        Assert.Throws<ModelLoadException>(() => Resolve(new EngineOptions { MaxModelLen = s_config.ImagePositions })).Message,
        StringComparison.Ordinal);

    private static EngineLimits Resolve(EngineOptions options, long memory = Plenty) => EngineLimits.Resolve("folder", options, s_config, Placement.Cpu, memory);
}
