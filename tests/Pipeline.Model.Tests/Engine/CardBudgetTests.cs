using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Engine;

/// <summary>Does an 8-billion model fit a card? Decided from sizes alone, before anything is loaded.</summary>
public sealed class CardBudgetTests
{
    private const long Gibibyte = 1L << 30;

    private static readonly DragonflyConfig s_v2 = CheckpointFolder.ReadConfig(Path.Combine(Repository.Root, "benchmarks", "configs", "dragonfly-8b-v2"));

    [Fact]
    public void On_80_GB_all_sequences_of_the_default_have_their_image_and_their_longest_text()
    {
        EngineLimits limits = Resolve(80, new EngineOptions());

        Assert.Equal((64, 64), (limits.MaxNumSeqs, limits.Layout.ImageSlots));
        Assert.Equal(8, limits.NumDecodeSteps);
        Assert.InRange(new KvBudget(s_v2, 2, 64, limits.MaxModelLen, 7).Bytes(limits.Layout), 30 * Gibibyte, 60 * Gibibyte);
    }

    [Fact]
    public void What_is_left_of_a_smaller_card_is_the_KV_caches_and_never_more_than_may_be_used()
    {
        long last = 0;
        foreach (int size in (int[])[24, 32, 40, 48, 80])
        {
            EngineLimits limits = Resolve(size, new EngineOptions());
            long cache = new KvBudget(s_v2, 2, 64, limits.MaxModelLen, 7).Bytes(limits.Layout);
            MemoryNeed need = MemoryNeed.Of(s_v2, Bfloat16(), limits.MaxNumBatchedTokens, limits.MaxNumCrops);

            Assert.True(cache > last);
            Assert.True(cache + need.Total <= 0.9 * size * Gibibyte);
            last = cache;
        }
    }

    [Fact]
    public void A_card_that_is_too_small_is_refused_with_what_would_fit_and_that_does_fit()
    {
        string refused = Assert.Throws<ModelLoadException>(() => Resolve(16, new EngineOptions())).Message;

        Assert.Contains("cuda:0 (NVIDIA Test)", refused, StringComparison.Ordinal);
        Assert.Contains("weights take 15", refused, StringComparison.Ordinal);
        Assert.Contains("What would fit: quantization int8", refused, StringComparison.Ordinal);
        Resolve(16, new EngineOptions { Quantization = Quantization.Int8 });
        Assert.DoesNotContain("max_model_len 2610 with", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Smaller_steps_are_proposed_where_they_are_enough()
    {
        string refused = Assert.Throws<ModelLoadException>(() => Resolve(24, new EngineOptions { MaxNumCrops = 41 * 40, MaxNumBatchedTokens = 100_000 })).Message;

        Assert.Contains("What would fit: max_num_crops 41 and max_num_batched_tokens 4146", refused, StringComparison.Ordinal);
        Resolve(24, new EngineOptions { MaxNumCrops = 41, MaxNumBatchedTokens = 4_146 });
    }

    [Fact]
    public void Where_nothing_fits_the_card_that_would_is_named() =>
        Assert.Contains("No setting fits: take a card with 2", Assert.Throws<ModelLoadException>(() => Resolve(4, new EngineOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cache_that_is_asked_for_must_be_left()
    {
        string refused = Assert.Throws<ModelLoadException>(() => Resolve(24, new EngineOptions { KvCacheMemory = 10 * Gibibyte })).Message;

        Assert.Contains($"kv_cache_memory is {10 * Gibibyte:N0} bytes", refused, StringComparison.Ordinal);
        Assert.Equal(2, Resolve(24, new EngineOptions { KvCacheMemory = Gibibyte }).Layout.ImageSlots);
    }

    [Fact]
    public void What_others_hold_of_the_card_does_not_count()
    {
        Assert.Throws<ModelLoadException>(() => Resolve(80, new EngineOptions(), freeGibibytes: 15));
        Assert.True(Resolve(80, new EngineOptions(), freeGibibytes: 24).Layout.ImageSlots < 64);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.2)]
    [InlineData(double.NaN)]
    public void A_share_of_the_card_is_above_0_and_at_most_1(double share) => Assert.Contains(
        "gpu_memory_utilization", Assert.Throws<ModelLoadException>(() => Resolve(80, new EngineOptions { GpuMemoryUtilization = share })).Message, StringComparison.Ordinal);

    [Fact]
    public void bfloat16_needs_a_card_that_has_it()
    {
        var old = new CudaCard(0, "Tesla V100", new Version(7, 0), 32 * Gibibyte);

        var refused = Assert.Throws<DeviceException>(() => PlacementReader.OnCard(new EngineOptions(), old));
        Assert.Contains("cuda:0 (Tesla V100) has compute capability 7.0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("float32", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ScalarType.Float32, PlacementReader.OnCard(new EngineOptions { Dtype = EngineType.Float32 }, old).Type);
        Assert.Equal(ScalarType.BFloat16, PlacementReader.OnCard(new EngineOptions(), old with { Capability = new Version(8, 6) }).Type);
    }

    private static EngineLimits Resolve(int gibibytes, EngineOptions options, int? freeGibibytes = null) => EngineLimits.Resolve(
        "folder", options, s_v2, Bfloat16() with { Quantization = options.Quantization }, availableMemory: 0,
        new CardMemory("cuda:0", "NVIDIA Test", gibibytes * Gibibyte, (freeGibibytes ?? gibibytes) * Gibibyte));

    private static Placement Bfloat16() => Placement.Cpu with { Device = new Device(DeviceType.CUDA, 0), Type = ScalarType.BFloat16 };
}
