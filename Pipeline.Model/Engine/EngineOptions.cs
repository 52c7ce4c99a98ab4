using Pipeline.Model.Devices;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Engine;

/// <summary>Limits of the engine, by vLLM's names. Checked when a model is loaded, all faults at once.</summary>
public sealed record EngineOptions
{
    /// <summary>Most answers generated at a time: sequences of a decode step. 1 to 4,096; default 32 on a CPU, 64 on a graphics card.</summary>
    public int? MaxNumSeqs { get; init; }

    /// <summary>Most positions of one prefill step. At least <see cref="MaxModelLen"/>; default 8,192, or <see cref="MaxModelLen"/> where that is more.</summary>
    public int? MaxNumBatchedTokens { get; init; }

    /// <summary>
    /// Most positions of one sequence: image, prompt and answer. Above the positions of an image; default: image positions + 2,048, at
    /// most what the model was trained for.
    /// </summary>
    public int? MaxModelLen { get; init; }

    /// <summary>
    /// Bytes of the KV cache. At least one image and one sequence of <see cref="MaxModelLen"/>; default a quarter of the memory that the
    /// process may use, or on a graphics card what weights and a step leave of it. No more is taken than <see cref="MaxNumSeqs"/> sequences on as many images need.
    /// </summary>
    public long? KvCacheMemory { get; init; }

    /// <summary>Most crops of one vision step. At least those of an image (29 of v1, 41 of v2); default four images'.</summary>
    public int? MaxNumCrops { get; init; }

    /// <summary>
    /// Tokens that a decode step gives each sequence before its answers are looked at: on a graphics card, looking costs more than what is sometimes run
    /// behind an answer's end. 1 to 64; default 1 on a CPU, 8 elsewhere. A step with an answer whose shape or penalty is watched token by token runs one.
    /// </summary>
    public int? NumSchedulerSteps { get; init; }

    /// <summary>Where the model runs: "auto", "cpu", "cuda" (the first visible card) or "cuda:N". Default auto: a graphics card where there is one that libtorch can use.</summary>
    public string Device { get; init; } = ComputeDevices.Auto;

    /// <summary>
    /// Share of a graphics card's memory that this process may take, weights, KV cache and all: above 0 to 1, default 0.9. Without effect on a CPU.
    /// </summary>
    public double GpuMemoryUtilization { get; init; } = 0.9;

    /// <summary>Numbers of weights, activations and KV cache. Default: float32 on a CPU, bfloat16 elsewhere.</summary>
    public EngineType Dtype { get; init; }

    /// <summary>How the language layers' weights are held. Default <see cref="Quantization.None"/>.</summary>
    public Quantization Quantization { get; init; }

    /// <summary>
    /// Images of equal pixels that are in work at the same time are encoded and prefilled once, and share their keys and values.
    /// Default true; prompts of one request always share their image.
    /// </summary>
    public bool EnablePrefixCaching { get; init; } = true;
}

/// <summary>Element types that a model can run in.</summary>
public enum EngineType
{
    /// <summary>The device's usual one.</summary>
    Auto,

    /// <summary>32 bits: what the reference's figures are compared with.</summary>
    Float32,

    /// <summary>16 bits with float32's range: what the published checkpoints are stored in.</summary>
    Bfloat16,
}
