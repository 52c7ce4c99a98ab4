using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Native;

public sealed class AtenTests
{
    public AtenTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void An_operator_with_a_list_and_optional_arguments()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([3, 8]), weight = randn([8]);

        Tensor normed = Aten.Call("aten::_fused_rms_norm", "", results: 2, wanted: 1, unwanted: [1], x, AtenArgument.List(8), AtenArgument.Optional(weight), AtenArgument.Optional(1e-5))[0];

        Assert.True(normed.allclose(x * (x.square().mean([-1], keepdim: true) + 1e-5).rsqrt() * weight, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Arguments_stay_the_callers_own()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn([4, 4]), weights = ones([4, 4], ScalarType.Int8), scale = ones([4]);

        Aten.Call("aten::_weight_int8pack_mm", x, weights, scale).Dispose();

        Assert.Equal(16, x.cpu().data<float>().ToArray().Length);
        Assert.True(weights.eq(1).all().item<bool>());
    }

    [Fact]
    public void An_operator_that_is_none_is_an_error() =>
        Assert.Contains("aten::no_such_operator", Assert.Throws<InvalidOperationException>(() => Aten.Call("aten::no_such_operator", 1L)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_with_its_log_sum_exp(bool masked)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor queries = randn([2, 3, 5, 16]), keys = randn([2, 3, 32, 16]), values = randn([2, 3, 32, 16]);
        Tensor? mask = masked ? where(rand([2, 1, 5, 32]) < 0.5, full([1], float.NegativeInfinity), zeros([1])) : null;

        var (mixed, logSumExp) = AttentionKernels.Attend(queries, keys, values, mask);

        Tensor scores = queries.matmul(keys.transpose(2, 3)) / 4;
        scores = mask is null ? scores : scores + mask;
        Assert.True(logSumExp.allclose(scores.logsumexp(-1), rtol: 1e-4, atol: 1e-5));
        Assert.True(mixed.allclose(scores.softmax(-1).matmul(values), rtol: 1e-4, atol: 1e-5));
    }
}
