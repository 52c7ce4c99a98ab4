using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Activations that libtorch has no function for.</summary>
internal static class Activations
{
    private static readonly Scalar s_slope = 1.702.ToScalar();

    /// <summary>CLIP's quick_gelu: x · sigmoid(1.702 x).</summary>
    public static Tensor QuickGelu(Tensor x)
    {
        using Tensor gate = x.mul(s_slope).sigmoid_();
        return x.mul(gate);
    }
}
