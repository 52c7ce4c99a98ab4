using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>Mean cross-entropy of the next token over all labelled positions.</summary>
internal static class TokenLoss
{
    /// <param name="logits"><c>[batch, tokens, vocabulary]</c></param>
    /// <param name="labels">int64 <c>[batch, tokens]</c>, not shifted yet: the label of position i is predicted at i − 1; <see cref="TrainingText.Ignored"/> is left out</param>
    /// <returns>a scalar</returns>
    public static Tensor Shifted(Tensor logits, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = labels.size(1);
        Tensor predicted = logits.narrow(1, 0, tokens - 1).reshape(-1, logits.size(2)), targets = labels.narrow(1, 1, tokens - 1).reshape(-1);
        return nn.functional.cross_entropy(predicted, targets, ignore_index: TrainingText.Ignored).MoveToOuterDisposeScope();
    }
}
