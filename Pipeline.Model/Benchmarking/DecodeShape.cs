namespace Pipeline.Model.Benchmarking;

/// <summary>A step of decode, by its sizes alone.</summary>
/// <param name="Sequences">Rows of the linear layers.</param>
/// <param name="Images">Whose keys and values the sequences share; at most <paramref name="Sequences"/>.</param>
/// <param name="TextPositions">Of each sequence behind its image, on average.</param>
public readonly record struct DecodeShape(int Sequences, int Images, int TextPositions)
{
    /// <summary>The mean step of many answers to the same prompts.</summary>
    /// <param name="texts">Prompts of one image.</param>
    /// <param name="sequences">Sequences of the mean step, above 0.</param>
    public static DecodeShape Of(IReadOnlyCollection<TextLength> texts, double sequences)
    {
        // An image's answers start together, so that it is in as many steps as its longest answer takes.
        double tokens = texts.Sum(text => text.Generated - 1), steps = texts.Max(text => text.Generated - 1);
        int rows = Math.Max(1, (int)Math.Round(sequences));
        int images = Math.Clamp((int)Math.Round(rows * steps / tokens), 1, rows);
        double positions = texts.Sum(text => (text.Generated - 1) * (text.Prompt + (text.Generated / 2.0))) / tokens;
        return new DecodeShape(rows, images, (int)Math.Round(positions));
    }
}
