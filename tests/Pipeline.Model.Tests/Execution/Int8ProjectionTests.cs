using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

public sealed class Int8ProjectionTests
{
    public Int8ProjectionTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(1, true, ScalarType.Float32)]
    [InlineData(63, false, ScalarType.Float32)]
    [InlineData(64, true, ScalarType.Float32)]
    [InlineData(9, true, ScalarType.BFloat16)]
    public void Weights_are_off_by_at_most_half_a_step(int rows, bool biased, ScalarType type)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = randn([72, 48]).mul_(arange(1, 73).unsqueeze(1)).to(type), bias = randn([72], type), x = randn([rows, 48], type);
        using var held = new Int8Projection(weight.clone(), biased ? bias.clone() : null);

        Tensor y = held.Forward(x);

        // |Σ x (w − q·scale)| ≤ Σ |x| · scale / 2
        Tensor exact = nn.functional.linear(x.to(ScalarType.Float32), weight.to(ScalarType.Float32), biased ? bias.to(ScalarType.Float32) : null);
        Tensor most = x.to(ScalarType.Float32).abs().sum(1, keepdim: true).mul(weight.to(ScalarType.Float32).abs().amax([1]) / 127 / 2);
        Tensor rounding = exact.abs().mul_(type == ScalarType.BFloat16 ? 1.0 / 64 : 1e-5).add_(type == ScalarType.BFloat16 ? 1 : 1e-4);
        Assert.True(y.to(ScalarType.Float32).sub(exact).abs().le(most.add(rounding)).all().item<bool>());
    }

    [Fact]
    public void Whole_numbers_times_a_scale_are_kept_as_they_are()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = tensor(new float[] { 127, -5, 0, 64, 0, 0, 0, 0 }, [2, 4]).mul(0.25f);
        using var held = new Int8Projection(weight.clone(), null);

        Assert.True(held.Forward(eye(4)).t().allclose(weight, rtol: 1e-6, atol: 0));
    }
}
