using Pipeline.Model.Benchmarking;
using Pipeline.Model.Execution;
using TorchSharp;

namespace Pipeline.Model.Tests.Benchmarking;

public sealed class DevicePeakTests
{
    [Theory]
    [InlineData("NVIDIA H100 80GB HBM3", true, 989e12)]
    [InlineData("NVIDIA H100 80GB HBM3", false, null)]
    [InlineData("NVIDIA H100 80GB HBM3 MIG 1g.10gb", true, null)]
    [InlineData(null, true, null)]
    public void It_is_known_of_whole_cards_in_bfloat16(string? card, bool bfloat16, double? rate) =>
        Assert.Equal(rate, DevicePeak.Of(card, Placement.Cpu with { Type = bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32 }));
}
