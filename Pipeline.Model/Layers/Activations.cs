using static TorchSharp.torch;

namespace Pipeline.Model.Layers;

/// <summary>Activations that libtorch has no function for.</summary>
internal static class Activations
{
    /// <summary>CLIP's quick_gelu: x · sigmoid(1.702 x).</summary>
    public static Tensor QuickGelu(Tensor x)
    {
        using Tensor gate = x.mul(1.702).sigmoid_();
        return x.mul(gate);
    }
}
