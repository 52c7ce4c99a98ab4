using Pipeline.Model.Configuration;

namespace Pipeline.Model.Benchmarking;

/// <summary>Counts what the answers to an image need, whatever an engine executes for them.</summary>
/// <remarks>
/// Formulas of the reference's speed table, rows "needed": the vision tower without its last layer, v2's pooling before the projection, causal
/// attention, <c>lm_head</c> at the last position of a prompt alone. That the last language layer needs no more than keys and values of
/// all but the last position is not counted as a saving.
/// </remarks>
public sealed class FlopCounter(DragonflyConfig config)
{
    private readonly LlamaConfig _language = config.Language;

    /// <summary>One image with all its prompts.</summary>
    /// <param name="texts">Lengths of each prompt and its answer.</param>
    /// <param name="prefixShared">Image encoded and prefilled once for all prompts; otherwise once for each.</param>
    public StageFlops Image(IReadOnlyCollection<TextLength> texts, bool prefixShared)
    {
        int times = prefixShared ? 1 : texts.Count;
        StageFlops sum = new(times * Vision(), times * ImagePrefill(), 0, 0);
        return texts.Aggregate(sum, (flops, text) => flops + new StageFlops(0, 0, TextPrefill(text.Prompt), Decode(text)));
    }

    private double Vision()
    {
        ClipVisionConfig clip = config.Vision;
        double patches = clip.Tokens - 1, tokens = clip.Tokens, hidden = clip.HiddenSize;
        double embedding = 2 * patches * clip.NumChannels * clip.PatchSize * clip.PatchSize * hidden;
        double layer = (2 * tokens * ((4 * hidden * hidden) + (2 * hidden * clip.IntermediateSize))) + (4 * tokens * tokens * hidden);
        double projected = config.Version == DragonflyVersion.V1 ? config.Crops * tokens : config.ImageBlocks.Sum();
        return (config.Crops * (embedding + ((clip.NumHiddenLayers - 1) * layer))) + (2 * projected * hidden * _language.HiddenSize);
    }

    private double ImagePrefill() => Layers(config.ImagePositions, behind: 0);

    private double TextPrefill(int tokens) => Layers(tokens, config.ImagePositions) + Head;

    /// <summary>The first token comes from the prefill.</summary>
    private double Decode(TextLength text) =>
        Enumerable.Range(0, text.Generated - 1).Sum(step => Layers(1, config.ImagePositions + text.Prompt + step) + Head);

    /// <summary>All layers over new positions behind others.</summary>
    private double Layers(double tokens, double behind)
    {
        double width = (double)_language.NumAttentionHeads * _language.HeadDim;
        double seen = (tokens * behind) + (tokens * (tokens + 1) / 2);
        return _language.NumHiddenLayers * ((tokens * LinearPerToken(width)) + (4 * width * seen));
    }

    /// <summary>Query, key, value, output, gate, up and down projections.</summary>
    private double LinearPerToken(double width)
    {
        double hidden = _language.HiddenSize, keyValue = (double)_language.NumKeyValueHeads * _language.HeadDim;
        return 2 * ((2 * hidden * width) + (2 * hidden * keyValue) + (3 * hidden * _language.IntermediateSize));
    }

    private double Head => 2.0 * _language.HiddenSize * _language.VocabSize;
}
