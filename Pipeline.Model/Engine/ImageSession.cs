using Pipeline.Model.Caching;
using Pipeline.Model.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Engine;

/// <summary>One image in the KV cache, and the questions asked of it one after the other.</summary>
/// <remarks>
/// The image stands before BOS and the text, so its keys and values are the same for every question: they are computed once,
/// and each question starts by truncating the cache to them. Call inside one dispose scope and inference mode.
/// </remarks>
internal sealed class ImageSession(DragonflyModel model, SpecialTokens special, KvCache cache)
{
    private int _imageLength;

    /// <summary>Prefills the image's positions.</summary>
    public void Start(Imaging.ImageCrops crops)
    {
        using DisposeScope scope = NewDisposeScope();
        cache.Truncate(0);
        model.Language.Forward(model.ImageEmbeddings(model.Encode(crops), special.Newline), cache);
        _imageLength = cache.Length;
    }

    /// <summary>Starts a conversation about nothing but its text.</summary>
    public void StartWithoutImage()
    {
        cache.Truncate(0);
        _imageLength = 0;
    }

    /// <summary>Starts behind what somebody else wrote into the cache.</summary>
    public void StartBehindCache() => _imageLength = cache.Length;

    /// <summary>Greedy answer to a prompt.</summary>
    /// <param name="prompt">Ids from BOS on.</param>
    /// <param name="maxTokens">Most tokens, the stop token included.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <param name="isStop">Ends the answer; Dragonfly's stop list where absent.</param>
    /// <returns>Tokens, the stop token included, and the natural-log probability of each.</returns>
    public (List<int> Tokens, List<double> LogProbabilities) Generate(IReadOnlyList<int> prompt, int maxTokens, CancellationToken cancellationToken, Func<int, bool>? isStop = null)
    {
        using DisposeScope scope = NewDisposeScope();
        CheckLength(prompt.Count + maxTokens);
        List<int> tokens = [];
        List<double> logProbabilities = [];
        Tensor logits = Prefill(prompt);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int token = (int)logits.argmax().item<long>();
            tokens.Add(token);
            logProbabilities.Add(LogProbability(logits, token));
            if ((isStop ?? special.IsStop)(token) || tokens.Count == maxTokens)
            {
                return (tokens, logProbabilities);
            }

            Tensor next = Step([token]);
            logits.Dispose();
            logits = next;
        }
    }

    /// <summary>Natural-log probability of each choice as the whole answer: its tokens and the end of turn.</summary>
    /// <param name="prompt">Ids from BOS on.</param>
    /// <param name="choices">Ids of each choice, at least one each, without the end of turn.</param>
    /// <param name="cancellationToken">Looked at before each choice.</param>
    public double[] Score(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> choices, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        CheckLength(prompt.Count + choices.Max(choice => choice.Count) + 1);
        Tensor first = Prefill(prompt); // [1, vocabulary]
        int promptLength = cache.Length;
        return [.. choices.Select(choice =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope inner = NewDisposeScope();
            cache.Truncate(promptLength);
            Tensor rest = model.Language.Logits(model.Language.Forward(model.Language.Embed(choice), cache)); // [choice, vocabulary]
            return choice.Append(special.EndOfTurn).Select((token, i) => LogProbability(i == 0 ? first : rest.narrow(0, i - 1, 1), token)).Sum();
        })];
    }

    /// <returns>Logits behind the prompt, <c>[1, vocabulary]</c></returns>
    internal Tensor Prefill(IReadOnlyList<int> prompt)
    {
        cache.Truncate(_imageLength);
        return Step(prompt);
    }

    /// <returns>Logits behind the last of the tokens, <c>[1, vocabulary]</c></returns>
    private Tensor Step(IReadOnlyList<int> tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = model.Language.Forward(model.Language.Embed(tokens), cache);
        return model.Language.Logits(hidden.narrow(0, tokens.Count - 1, 1)).MoveToOuterDisposeScope();
    }

    private void CheckLength(int behindImage)
    {
        if (_imageLength + behindImage > cache.Capacity)
        {
            throw new PromptTooLongException(_imageLength + behindImage, cache.Capacity);
        }
    }

    private static double LogProbability(Tensor logits, int token)
    {
        using DisposeScope scope = NewDisposeScope();
        return logits.view(-1).log_softmax(0)[token].item<float>();
    }
}
