using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Devices;
using Pipeline.Model.Execution;
using TorchSharp;

namespace Pipeline.Model.Engine;

/// <summary><see cref="EngineOptions"/> with every default put in, judged against a checkpoint.</summary>
internal sealed record EngineLimits
{
    private const int DefaultTextPositions = 2_048;
    private const int DefaultBatchedTokens = 8_192;
    private const int DefaultImages = 4;
    private const int MostSequences = 4_096;
    private const int DefaultSequences = 32, DefaultDeviceSequences = 64;
    private const int DefaultDeviceSteps = 8;
    private const int MostSteps = 64;

    /// <summary>Sequences that run at a time, and prompts of one prefill.</summary>
    public required int MaxNumSeqs { get; init; }

    /// <summary>Positions of one prefill.</summary>
    public required int MaxNumBatchedTokens { get; init; }

    /// <summary>Positions of one sequence, its image's included.</summary>
    public required int MaxModelLen { get; init; }

    /// <summary>Crops of one vision step.</summary>
    public required int MaxNumCrops { get; init; }

    /// <summary>Crops of one image.</summary>
    public required int CropsPerImage { get; init; }

    /// <summary>Positions of one image.</summary>
    public required int ImagePositions { get; init; }

    /// <summary>Requests of equal pixels share one encode, one prefill and one slot.</summary>
    public required bool SharesImages { get; init; }

    /// <summary>Tokens of a decode step, unless somebody must see the logits.</summary>
    public int NumDecodeSteps { get; init; } = 1;

    /// <summary>Holds any image, and any sequence, alone.</summary>
    public required KvLayout Layout { get; init; }

    /// <param name="folder">Checkpoint, for the message.</param>
    /// <param name="options">As asked for.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="placement">Where the model runs.</param>
    /// <param name="availableMemory">Bytes that may be taken of the machine's memory.</param>
    /// <param name="card">Where the model runs on one.</param>
    /// <exception cref="ModelLoadException">Some limits are none; lists all of them.</exception>
    public static EngineLimits Resolve(
        string folder, EngineOptions options, DragonflyConfig config, Placement placement, long availableMemory, CardMemory? card = null)
    {
        bool isOnCpu = placement.Device.type == DeviceType.CPU;
        int sequences = options.MaxNumSeqs ?? (isOnCpu ? DefaultSequences : DefaultDeviceSequences);
        int length = options.MaxModelLen ?? Math.Min(config.Language.MaxPositionEmbeddings, config.ImagePositions + DefaultTextPositions);
        int batched = options.MaxNumBatchedTokens ?? Math.Max(DefaultBatchedTokens, length);
        int crops = options.MaxNumCrops ?? DefaultImages * config.Crops;
        List<string> faults = [];
        if (sequences is < 1 or > MostSequences)
        {
            faults.Add($"max_num_seqs is {sequences}: take 1 to {MostSequences}");
        }

        if (options.GpuMemoryUtilization is not (> 0 and <= 1))
        {
            faults.Add($"gpu_memory_utilization is {options.GpuMemoryUtilization}: take a share of the card's memory, above 0 to 1");
        }

        if (length <= config.ImagePositions)
        {
            faults.Add($"an image takes {config.ImagePositions} positions, and max_model_len is only {length}");
        }
        else if (batched < length)
        {
            faults.Add($"max_num_batched_tokens is {batched}: take at least max_model_len, {length}");
        }

        if (crops < config.Crops)
        {
            faults.Add($"max_num_crops is {crops}: take at least the {config.Crops} of one image");
        }

        int steps = options.NumSchedulerSteps ?? (isOnCpu ? 1 : DefaultDeviceSteps);
        if (steps is < 1 or > MostSteps)
        {
            faults.Add($"num_scheduler_steps is {steps}: take 1 to {MostSteps}");
        }

        if (faults.Count > 0)
        {
            throw new ModelLoadException(folder, faults);
        }

        var budget = new KvBudget(config, placement.ElementSize, sequences, length, steps - 1);
        long memory = options.KvCacheMemory ?? Math.Min(Math.Max(availableMemory / 4, budget.Least), availableMemory);
        if (card is not null
            && new CardBudget(card, options, config, placement).Fault(new StepSizes(sequences, length, batched, crops, steps - 1), out memory) is { } fault)
        {
            throw new ModelLoadException(folder, [fault]);
        }

        if (memory < budget.Least)
        {
            throw new ModelLoadException(folder, [budget.TooLittle(memory)]);
        }

        return new EngineLimits
        {
            MaxNumSeqs = sequences,
            MaxNumBatchedTokens = batched,
            MaxModelLen = length,
            MaxNumCrops = crops,
            CropsPerImage = config.Crops,
            ImagePositions = config.ImagePositions,
            NumDecodeSteps = steps,
            SharesImages = options.EnablePrefixCaching,
            Layout = budget.Divide(memory),
        };
    }
}
