using Pipeline.Model.Execution;
using TorchSharp;

namespace Pipeline.Model.Benchmarking;

/// <summary>What a card's maker says that it computes: the yardstick of a model's FLOPs utilization (MFU).</summary>
/// <remarks>NVIDIA's data sheets: dense products in bfloat16 on tensor cores, half of the figure "with sparsity". By the names that the driver gives; a part of a card (MIG) has another.</remarks>
internal static class DevicePeak
{
    private static readonly Dictionary<string, double> s_bfloat16 = new()
    {
        ["NVIDIA A100-SXM4-40GB"] = 312e12,
        ["NVIDIA A100-SXM4-80GB"] = 312e12,
        ["NVIDIA A100 80GB PCIe"] = 312e12,
        ["NVIDIA H100 PCIe"] = 756e12,
        ["NVIDIA H100 80GB HBM3"] = 989e12,
        ["NVIDIA H200"] = 989e12,
    };

    /// <returns>FLOP/s; null where it is not known: of processors, other cards and other numbers.</returns>
    public static double? Of(string? card, Placement placement) =>
        card is not null && placement.Type == torch.ScalarType.BFloat16 && s_bfloat16.TryGetValue(card, out double rate) ? rate : null;
}
