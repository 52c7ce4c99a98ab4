using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Devices;

/// <summary>Memory of the graphics card that a model is to run on.</summary>
/// <param name="Device">"cuda:0"</param>
/// <param name="Name">The card's.</param>
/// <param name="TotalBytes">Of the card.</param>
/// <param name="FreeBytes">That nobody has.</param>
internal sealed record CardMemory(string Device, string Name, long TotalBytes, long FreeBytes)
{
    /// <summary>That somebody has.</summary>
    public long UsedBytes => TotalBytes - FreeBytes;

    /// <summary>Bytes that this process may take.</summary>
    /// <param name="utilization">Share of the whole card, as vLLM's <c>gpu_memory_utilization</c>.</param>
    public long Usable(double utilization) => Math.Min(FreeBytes, (long)(TotalBytes * utilization));

    /// <returns>Null for a processor.</returns>
    /// <exception cref="DeviceException">The driver does not know it.</exception>
    public static CardMemory? Of(Device device) => device.type == DeviceType.CUDA ? Of(device.index) : null;

    private static CardMemory Of(int index)
    {
        string device = $"{DeviceRequest.Cuda}:{index}";
        CudaCard card = CudaDriver.Ask().Cards.FirstOrDefault(card => card.Index == index) ?? throw new DeviceException($"{device}: the driver describes no such card.");
        return new CardMemory(device, card.Name, card.TotalBytes, CudaDriver.FreeBytes(index) ?? card.TotalBytes);
    }
}
