using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>How the tokens of one pass see each other and what is in the cache; the rest of a layer is the same for all passes.</summary>
internal abstract class AttentionPass
{
    /// <summary>Stores what the pass keeps of the new keys and values, and attends.</summary>
    /// <param name="layer">0-based.</param>
    /// <param name="queries"><c>[tokens, heads, head]</c>, after rotary embedding</param>
    /// <param name="keys"><c>[tokens, kv heads, head]</c>, after rotary embedding</param>
    /// <param name="values"><c>[tokens, kv heads, head]</c></param>
    /// <returns><c>[tokens, heads · head]</c></returns>
    public abstract Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values);
}
