using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

public sealed class ProjectionTests
{
    /// <summary>Whatever the sizes: on some processors oneDNN's kernels are wrong for outputs that are no multiple of 64.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(96)]
    [InlineData(160)]
    [InlineData(192)]
    [InlineData(1_000)]
    public void A_CPUs_products_are_the_ordinary_ones(int outputs)
    {
        foreach (int rows in (int[])[1, 39, 600])
        {
            AssertOrdinary(rows, outputs, biased: true);
            AssertOrdinary(rows, outputs, biased: false);
        }
    }

    private static void AssertOrdinary(int rows, int outputs, bool biased)
    {
        TorchRuntime.EnsureLoaded();
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = randn([outputs, 48]), bias = randn([outputs]), x = randn([rows, 48]), other = randn([rows, outputs]);
        using var packed = Projection.Of(weight.clone(), biased ? bias.clone() : null, Placement.Cpu);
        using var ordinary = new DeviceProjection(weight, biased ? bias : null);

        foreach (Func<Projection, Tensor> product in (Func<Projection, Tensor>[])
            [p => p.Forward(x), p => p.Silu(x), p => p.Gelu(x), p => p.Plus(x, other), p => p.Times(x, other)])
        {
            Assert.True(product(ordinary).allclose(product(packed), rtol: 1e-4, atol: 1e-4));
        }
    }

    [Fact]
    public void A_packed_product_that_is_not_the_weights_is_told()
    {
        TorchRuntime.EnsureLoaded();
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = randn([128, 48]), damaged = weight.clone();
        damaged[127].mul_(1.1.ToScalar());
        using PackedWeight packed = PackedWeight.TryPack(weight, null)!;

        Assert.True(packed.ComputesAs(weight));
        Assert.False(packed.ComputesAs(damaged));
    }

    [Fact]
    public void Only_float32_on_the_CPU_is_packed()
    {
        TorchRuntime.EnsureLoaded();
        using Projection half = Projection.Of(randn([4, 4], ScalarType.BFloat16), null, new Placement(CPU, ScalarType.BFloat16)), single = Projection.Of(randn([64, 4]), null, Placement.Cpu);

        Assert.IsType<DeviceProjection>(half);
        Assert.IsType<CpuProjection>(single);
    }
}
