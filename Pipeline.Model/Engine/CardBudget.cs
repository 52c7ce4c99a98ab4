using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Devices;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Engine;

/// <summary>Divides a graphics card between weights, a step and the KV cache; where they don't fit, says what would.</summary>
internal sealed class CardBudget(CardMemory card, EngineOptions options, DragonflyConfig config, Placement placement)
{
    private const double Gibibyte = 1L << 30;

    private long Usable => card.Usable(options.GpuMemoryUtilization);

    /// <param name="sizes">Of the engine's steps.</param>
    /// <param name="memory">Bytes for the KV cache: what was asked for, or all that is left.</param>
    /// <returns>Null where it fits, else what is wrong.</returns>
    public string? Fault(StepSizes sizes, out long memory)
    {
        long left = Left(sizes, placement);
        memory = options.KvCacheMemory ?? left;
        long least = Least(sizes, placement);
        if (left < least)
        {
            return $"{card.Device} ({card.Name}) has {Gigabytes(Usable)} for it ({Gigabytes(card.FreeBytes)} free, gpu_memory_utilization {options.GpuMemoryUtilization}), and {Parts(sizes)}. {Mend(sizes)}";
        }

        return options.KvCacheMemory > left
            ? $"kv_cache_memory is {options.KvCacheMemory:N0} bytes, and {card.Device} ({card.Name}) has {left:N0} left behind weights and a step: lower it, or leave it out to take them all"
            : null;
    }

    private string Parts(StepSizes sizes)
    {
        MemoryNeed need = Need(sizes, placement);
        return $"weights take {Gigabytes(need.Weights)} in {placement.Numerics}, a step {Gigabytes(need.Total - need.Weights)}, one image and one sequence of max_model_len {sizes.Length} {Gigabytes(Least(sizes, placement))}";
    }

    /// <summary>The mildest changes first, each with all before it.</summary>
    private string Mend(StepSizes sizes)
    {
        StepSizes small = sizes with { Crops = config.Crops, Batched = sizes.Length };
        int length = Math.Min(sizes.Length, config.ImagePositions + KvBudget.UsualTextPositions);
        StepSizes shorter = small with { Length = length, Batched = length };
        (string How, StepSizes Sizes, Quantization Quantization)[] ways =
        [
            ($"max_num_crops {small.Crops} and max_num_batched_tokens {small.Batched}", small, placement.Quantization),
            ($"max_model_len {shorter.Length} with max_num_batched_tokens {shorter.Batched} and max_num_crops {shorter.Crops}", shorter, placement.Quantization),
            ("quantization int8", sizes, Quantization.Int8),
            ($"quantization int8 with max_num_crops {small.Crops} and max_num_batched_tokens {small.Batched}", small, Quantization.Int8),
            ("quantization int4", sizes, Quantization.Int4),
            ($"quantization int4 with max_model_len {shorter.Length}, max_num_batched_tokens {shorter.Batched} and max_num_crops {shorter.Crops}", shorter, Quantization.Int4),
        ];
        List<string> fit = [.. ways.Where(way => way.Quantization >= placement.Quantization && Fits(way.Sizes, placement with { Quantization = way.Quantization })).Select(way => way.How)];
        return fit.Count > 0
            ? $"What would fit: {string.Join("; or ", fit)}"
            : $"No setting fits: take a card with {Gigabytes((Need(sizes, placement).Total + Least(sizes, placement)) / options.GpuMemoryUtilization)}, or free this one";
    }

    private bool Fits(StepSizes sizes, Placement held) => Left(sizes, held) >= Least(sizes, held);

    private long Left(StepSizes sizes, Placement held) => Usable - Need(sizes, held).Total;

    private MemoryNeed Need(StepSizes sizes, Placement held) => MemoryNeed.Of(config, held, sizes.Batched, sizes.Crops);

    private long Least(StepSizes sizes, Placement held) => new KvBudget(config, held.ElementSize, sizes.Sequences, sizes.Length, sizes.Overrun).Least;

    private static string Gigabytes(double bytes) => $"{bytes / Gibibyte:0.0} GiB";
}

/// <summary>How large an engine's steps may become.</summary>
/// <param name="Sequences">max_num_seqs</param>
/// <param name="Length">max_model_len</param>
/// <param name="Batched">max_num_batched_tokens</param>
/// <param name="Crops">max_num_crops</param>
/// <param name="Overrun">Most positions that a step runs behind the end of an answer.</param>
internal readonly record struct StepSizes(int Sequences, int Length, int Batched, int Crops, int Overrun);
