using Pipeline.Model.Native;
using TorchSharp;

namespace Pipeline.Model.Tests.Native;

/// <summary>Operators that only a graphics card runs. Their schemas are in every libtorch: a call with other arguments than ours would not compile as TorchScript, and end the process.</summary>
public sealed class CardOperatorTests
{
    [Theory]
    [InlineData("a, b, c, d, e, f, g, h, i = torch.ops.aten._scaled_dot_product_flash_attention(x, x, x, 0.0, False, False, scale=None)")]
    [InlineData("a, b, c, d = torch.ops.aten._scaled_dot_product_efficient_attention(x, x, x, None, True, 0.0, False, scale=None)")]
    [InlineData("a = torch.ops.aten._weight_int4pack_mm(x, x, 64, x)")]
    [InlineData("a = torch.ops.aten._convert_weight_to_int4pack(x, 2)")]
    [InlineData("a, b = torch.ops.aten._fused_rms_norm(x, [1], x, 1e-5)")]
    public void Schemas_are_as_the_engine_calls_them(string call)
    {
        TorchRuntime.EnsureLoaded();

        using var compiled = torch.jit.compile($"def f(x):\n    {call}\n    return a\n");

        Assert.NotNull(compiled);
    }
}
