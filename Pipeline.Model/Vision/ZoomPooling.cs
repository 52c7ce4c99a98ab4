using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>v2: the low-resolution crop keeps all its rows, of every other crop the patches are averaged over 4×4 squares.</summary>
internal static class ZoomPooling
{
    /// <param name="features"><c>[crops, tokens, hidden]</c>, the class token first; 41 crops: low, middle, high</param>
    /// <returns><c>[rows, hidden]</c>: all rows of the low crop, then class token and pooled patches (row-major) of each other crop</returns>
    public static Tensor Apply(Tensor features)
    {
        using DisposeScope scope = NewDisposeScope();
        long others = features.size(0) - 1, tokens = features.size(1), hidden = features.size(2);
        long grid = (long)Math.Sqrt(tokens - 1), pooled = grid / DragonflyConfig.PoolingKernel;
        Tensor rest = features.narrow(0, 1, others);
        Tensor patches = rest.narrow(1, 1, tokens - 1)
            .reshape(others, pooled, DragonflyConfig.PoolingKernel, pooled, DragonflyConfig.PoolingKernel, hidden)
            .mean([2, 4])
            .reshape(others, pooled * pooled, hidden);
        Tensor zoomed = cat([rest.narrow(1, 0, 1), patches], 1).reshape(-1, hidden);
        return cat([features[0], zoomed], 0).MoveToOuterDisposeScope();
    }
}
