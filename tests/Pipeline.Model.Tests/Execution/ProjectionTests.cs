using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(39, false)]
    [InlineData(600, true)]
    public void Packed_weights_give_what_ordinary_products_do(int rows, bool biased)
    {
        TorchRuntime.EnsureLoaded();
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = randn([72, 48]), bias = randn([72]), x = randn([rows, 48]), other = randn([rows, 72]);
        using var packed = new CpuProjection(weight.clone(), biased ? bias.clone() : null);
        using var ordinary = new DeviceProjection(weight, biased ? bias : null);

        foreach (Func<Projection, Tensor> product in (Func<Projection, Tensor>[])
            [p => p.Forward(x), p => p.Silu(x), p => p.Gelu(x), p => p.Plus(x, other), p => p.Times(x, other)])
        {
            Assert.True(product(ordinary).allclose(product(packed), rtol: 1e-4, atol: 1e-4));
        }
    }

    [Fact]
    public void Only_float32_on_the_CPU_is_packed()
    {
        TorchRuntime.EnsureLoaded();
        using Projection half = Projection.Of(randn([4, 4], ScalarType.BFloat16), null, new Placement(CPU, ScalarType.BFloat16)), single = Projection.Of(randn([4, 4]), null, Placement.Cpu);

        Assert.IsType<DeviceProjection>(half);
        Assert.IsType<CpuProjection>(single);
    }
}
