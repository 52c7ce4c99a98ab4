using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Where a network runs, and in which numbers.</summary>
/// <param name="Device">Holds weights and KV cache.</param>
/// <param name="Type">Of weights, activations and KV cache. Norms' statistics, rotary tables, log-sum-exps and logits are float32 in any case.</param>
internal sealed record Placement(Device Device, ScalarType Type)
{
    /// <summary>float32 on the CPU: what the reference is compared with.</summary>
    public static Placement Cpu
    {
        get
        {
            TorchRuntime.EnsureLoaded();
            return new(CPU, ScalarType.Float32);
        }
    }

    /// <summary>Bytes of a number.</summary>
    public int ElementSize => Type == ScalarType.Float32 ? sizeof(float) : 2;

    /// <summary>How the language layers' weights are held.</summary>
    public Quantization Quantization { get; init; }

    /// <summary>By vLLM's names: "float32", "bfloat16+int8".</summary>
    public string Numerics => (Type == ScalarType.Float32 ? "float32" : "bfloat16") + (Quantization is Quantization.None ? "" : $"+{Quantization.ToString().ToLowerInvariant()}");

    /// <summary>
    /// Kernels of a graphics card: as few and as large calls as can be, fused where libtorch has it. Otherwise those that a CPU's packed products and
    /// caches like. Default: by device and type. True on a CPU computes the same with the CPU's versions of the same operators.
    /// </summary>
    public bool UsesDeviceKernels { get; init; } = Device.type != DeviceType.CPU || Type != ScalarType.Float32;
}
