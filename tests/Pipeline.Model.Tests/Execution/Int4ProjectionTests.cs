using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

public sealed class Int4ProjectionTests
{
    public Int4ProjectionTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(1, 64, true, ScalarType.Float32)]
    [InlineData(70, 96, false, ScalarType.Float32)]
    [InlineData(5, 128, true, ScalarType.BFloat16)]
    public void Weights_are_off_by_at_most_half_a_step_of_their_group(int rows, int inputs, bool biased, ScalarType type)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = randn([48, inputs]).mul_(arange(1, 49).unsqueeze(1)).to(type), bias = randn([48], type), x = randn([rows, inputs], type);
        using var held = new Int4Projection(weight.clone(), biased ? bias.clone() : null);

        Tensor y = held.Forward(x);

        int group = inputs % 64 == 0 ? 64 : 32;
        Tensor groups = weight.to(ScalarType.Float32).view(48, -1, group);
        Tensor step = groups.amax([2]).sub(groups.amin([2])).div_(15);
        Tensor exact = nn.functional.linear(x.to(ScalarType.Float32), weight.to(ScalarType.Float32), biased ? bias.to(ScalarType.Float32) : null);
        Tensor most = x.to(ScalarType.Float32).abs().view(rows, -1, group).sum(2).mm(step.t().div(2));
        Tensor rounding = exact.abs().mul_(1.0 / 16).add_(type == ScalarType.BFloat16 ? 8 : 1e-2);
        Assert.True(y.to(ScalarType.Float32).sub(exact).abs().le(most.add(rounding)).all().item<bool>());
        Assert.False(y.to(ScalarType.Float32).allclose(exact));
    }

    [Fact]
    public void Sixteen_levels_are_kept_as_they_are()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = arange(0, 64).remainder(16).sub(3).to(ScalarType.Float32).mul(0.5f).expand(16, 64).contiguous();
        using var held = new Int4Projection(weight.clone(), null);

        Assert.True(held.Forward(eye(64)).t().allclose(weight, rtol: 1e-5, atol: 1e-5));
    }

    [Fact]
    public void Sizes_that_the_kernels_do_not_take_are_told()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.False(Int4Projection.Takes(zeros([48, 48])));
        Assert.False(Int4Projection.Takes(zeros([40, 64])));
        Assert.Throws<ArgumentException>(() => new Int4Projection(zeros([40, 64]), null));
    }
}
