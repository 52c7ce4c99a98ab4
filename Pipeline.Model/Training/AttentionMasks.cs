using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>Which position may see which, as numbers that are added to the scores.</summary>
internal static class AttentionMasks
{
    /// <summary>Causal, and no row sees its padding.</summary>
    /// <param name="mask">1 for tokens, 0 for padding, all rows one after the other.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Columns.</param>
    /// <returns><c>[batch, 1, length, length]</c>: 0, or a large negative number: not −∞, for rows that see nothing would become NaN</returns>
    public static Tensor Causal(long[] mask, int batch, int length)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor visible = tensor(mask, [batch, 1, 1, length]).to(ScalarType.Bool);
        Tensor causal = ones([length, length], ScalarType.Bool).tril_();
        return FromVisible(visible.logical_and(causal)).MoveToOuterDisposeScope();
    }

    /// <param name="visible">bool, true where it may be seen</param>
    /// <returns>float32 of the same shape</returns>
    public static Tensor FromVisible(Tensor visible)
    {
        using Tensor hidden = visible.logical_not();
        return zeros(visible.shape).masked_fill_(hidden, float.MinValue);
    }
}
