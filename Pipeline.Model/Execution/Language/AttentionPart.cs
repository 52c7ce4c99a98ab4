using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Attention over some of the keys. Parts over different keys make up attention over all of them, each weighted by its share of the exponentials' sum.</summary>
/// <param name="Mixed"><c>[batch, heads, queries, head]</c></param>
/// <param name="LogSumExp">float32 <c>[batch, heads, queries]</c></param>
internal readonly record struct AttentionPart(Tensor Mixed, Tensor LogSumExp)
{
    /// <inheritdoc cref="AttentionKernels.Attend"/>
    public static AttentionPart Over(Tensor queries, Tensor keys, Tensor values, Tensor? mask = null)
    {
        var (mixed, logSumExp) = AttentionKernels.Attend(queries, keys, values, mask);
        return new AttentionPart(mixed, logSumExp);
    }

    /// <param name="other">Of the same queries.</param>
    /// <returns><c>[batch, heads, queries, head]</c>, of the parts' type; belongs to the caller's scope.</returns>
    public Tensor Join(AttentionPart other)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor all = LogSumExp.logaddexp(other.LogSumExp);
        Tensor mine = Mixed.mul(LogSumExp.sub(all).exp_().unsqueeze(-1)); // float32, as the shares are
        return mine.addcmul_(other.Mixed.to(ScalarType.Float32), other.LogSumExp.sub(all).exp_().unsqueeze(-1), s_one).to(Mixed.dtype).MoveToOuterDisposeScope();
    }

    private static readonly Scalar s_one = 1.0.ToScalar();
}
