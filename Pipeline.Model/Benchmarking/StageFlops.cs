namespace Pipeline.Model.Benchmarking;

/// <summary>Floating-point operations by stage: matrix products only, two a multiply-add.</summary>
/// <param name="Vision">Vision tower and projection.</param>
/// <param name="ImagePrefill">The image's positions through the language model.</param>
/// <param name="TextPrefill">The prompts' positions behind them, and the first token of each answer.</param>
/// <param name="Decode">The other tokens of the answers.</param>
public readonly record struct StageFlops(double Vision, double ImagePrefill, double TextPrefill, double Decode)
{
    public double Total => Vision + ImagePrefill + TextPrefill + Decode;

    public static StageFlops operator +(StageFlops a, StageFlops b) =>
        new(a.Vision + b.Vision, a.ImagePrefill + b.ImagePrefill, a.TextPrefill + b.TextPrefill, a.Decode + b.Decode);

    public static StageFlops Add(StageFlops left, StageFlops right) => left + right;
}

/// <summary>How long a prompt and its answer are.</summary>
/// <param name="Prompt">Tokens of the text, from BOS on; the image's positions not counted.</param>
/// <param name="Generated">Tokens of the answer, at least one.</param>
public readonly record struct TextLength(int Prompt, int Generated);
