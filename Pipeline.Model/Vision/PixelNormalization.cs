using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>CLIPImageProcessor's arithmetic: rescale by 1/255, then (x − mean) / std, in float32, on the device of the crops.</summary>
internal static class PixelNormalization
{
    private static readonly float[] s_mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] s_deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <param name="pixels">uint8 RGB, <c>[…, 3]</c></param>
    /// <returns>float32 of the same shape</returns>
    public static Tensor Apply(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor(s_mean, device: pixels.device), deviation = tensor(s_deviation, device: pixels.device);
        return pixels.to(ScalarType.Float32).div_(255).sub_(mean).div_(deviation).MoveToOuterDisposeScope();
    }
}
