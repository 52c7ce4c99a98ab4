using Pipeline.Model.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>From logits to tokens: the likeliest on the device, for all rows at once; only rows with a picker come to the host.</summary>
internal static class TokenChoice
{
    /// <param name="logits">float32 <c>[rows, vocabulary]</c></param>
    /// <param name="rows">Of each row, who picks (null: the likeliest) and the answer so far.</param>
    public static PickedToken[] Pick(Tensor logits, IReadOnlyList<(ITokenPicker? Picker, IReadOnlyList<int> Generated)> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor top, Tensor ids) = logits.max(1);
        float[] logProbabilities = top.sub_(logits.logsumexp(1)).cpu().data<float>().ToArray();
        long[] likeliest = ids.cpu().data<long>().ToArray();
        return [.. rows.Select((row, i) => row.Picker is { } picker
            ? picker.Pick(logits[i].cpu().data<float>().ToArray(), row.Generated)
            : new PickedToken((int)likeliest[i], logProbabilities[i]))];
    }

    /// <param name="logits">float32 <c>[rows, vocabulary]</c></param>
    /// <param name="choices">Which token to read in which row, at least one.</param>
    /// <returns>Natural log of each one's probability.</returns>
    public static float[] Score(Tensor logits, IReadOnlyList<Language.ChoiceRow> choices)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = tensor(choices.Select(choice => (long)choice.Row).ToArray(), device: logits.device);
        Tensor flat = tensor(choices.Select(choice => (choice.Row * logits.size(1)) + choice.Token).ToArray(), device: logits.device);
        return logits.view(-1).index_select(0, flat).sub_(logits.logsumexp(1).index_select(0, rows)).cpu().data<float>().ToArray();
    }
}
