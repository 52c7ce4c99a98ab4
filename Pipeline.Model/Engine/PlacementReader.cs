using Pipeline.Model.Devices;
using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Engine;

/// <summary>From <see cref="EngineOptions"/> to where and in which numbers a model runs.</summary>
internal static class PlacementReader
{
    /// <summary>The first card whose matrix units and fused attention take bfloat16.</summary>
    private static readonly Version s_bfloat16 = new(8, 0);

    /// <param name="folder">Checkpoint, for the message.</param>
    /// <param name="options">As asked for.</param>
    /// <exception cref="ModelLoadException">The device can't be used here, or not in these numbers.</exception>
    public static Placement Read(string folder, EngineOptions options)
    {
        TorchRuntime.EnsureLoaded();
        try
        {
            string name = ComputeDevices.Resolve(options.Device)[0];
            return DeviceRequest.IndexOf(name) is { } index ? OnCard(options, CudaDriver.Ask().Cards[index]) : On(options, CPU, ScalarType.Float32);
        }
        catch (DeviceException e)
        {
            throw new ModelLoadException(folder, [e.Message]);
        }
    }

    /// <exception cref="DeviceException">The card has no such numbers.</exception>
    internal static Placement OnCard(EngineOptions options, CudaCard card)
    {
        Placement placement = On(options, new Device(DeviceType.CUDA, card.Index), ScalarType.BFloat16);
        return placement.Type == ScalarType.BFloat16 && card.Capability < s_bfloat16
            ? throw new DeviceException(
                $"cuda:{card.Index} ({card.Name}) has compute capability {card.Capability}, and bfloat16 needs {s_bfloat16}: take dtype float32, or another card.")
            : placement;
    }

    private static Placement On(EngineOptions options, Device device, ScalarType usual) => new(device, options.Dtype switch
    {
        EngineType.Float32 => ScalarType.Float32,
        EngineType.Bfloat16 => ScalarType.BFloat16,
        _ => usual,
    })
    {
        Quantization = options.Quantization,
    };
}
