using Pipeline.Model.Caching;
using Pipeline.Model.Layers;
using static TorchSharp.torch;

namespace Pipeline.Model.Language;

/// <summary>What all layers of one forward pass share.</summary>
/// <param name="Cache">Holds the positions before; grows by the new ones. Null: there are none before, and none are kept, so that gradients pass.</param>
/// <param name="Rotary">Of the new positions.</param>
/// <param name="Mask">Added to the scores, broadcastable to <c>[batch, heads, tokens, length + tokens]</c>; null where every token sees all.</param>
internal sealed record AttentionContext(KvCache? Cache, RotaryTables Rotary, Tensor? Mask);
