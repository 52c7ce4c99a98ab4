namespace Pipeline.Model.Training;

/// <summary>A question and its answer, in ids.</summary>
/// <param name="Prompt">From BOS to the assistant's header.</param>
/// <param name="Answer">Without the end of turn.</param>
internal sealed record TrainingTurn(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer);

/// <summary>All turns about one image in one row: each starts anew behind the image, as a question to the engine does.</summary>
/// <remarks>
/// Answers and their end of turn are targets, questions are not: which question comes is chance, and the reference's labels, which hold it as
/// well, would spend the small model on learning that.
/// </remarks>
internal sealed record PackedTurns
{
    public required int[] Ids { get; init; }

    /// <summary>Of the whole prompt: the first is the one behind the image.</summary>
    public required long[] Positions { get; init; }

    /// <summary>Number of the turn, from 0; padding has −1.</summary>
    public required long[] Turns { get; init; }

    /// <summary>The token that each one is followed by, or <see cref="TrainingText.Ignored"/>: shifted already.</summary>
    public required long[] Targets { get; init; }

    /// <summary>
    /// Of each target in the loss, 0 where there is none: 1 ÷ √ of the answer's length, so that a caption, which is twenty times as long as "yes", is
    /// not all that is learnt.
    /// </summary>
    public required float[] Weights { get; init; }

    /// <param name="turns">At least one.</param>
    /// <param name="start">Positions of the image.</param>
    /// <param name="endOfTurn">Closes each answer.</param>
    public static PackedTurns Of(IReadOnlyList<TrainingTurn> turns, int start, int endOfTurn)
    {
        List<int> ids = [];
        List<long> positions = [], numbers = [], targets = [];
        List<float> weights = [];
        foreach (var (number, turn) in turns.Index())
        {
            float weight = 1 / MathF.Sqrt(turn.Answer.Count + 1);
            int[] whole = [.. turn.Prompt, .. turn.Answer, endOfTurn];
            // The end of turn predicts nothing, so it need not be run.
            for (int i = 0; i + 1 < whole.Length; i++)
            {
                ids.Add(whole[i]);
                positions.Add(start + i);
                numbers.Add(number);
                bool isAnswer = i + 1 >= turn.Prompt.Count;
                targets.Add(isAnswer ? whole[i + 1] : TrainingText.Ignored);
                weights.Add(isAnswer ? weight : 0);
            }
        }

        return new PackedTurns { Ids = [.. ids], Positions = [.. positions], Turns = [.. numbers], Targets = [.. targets], Weights = [.. weights] };
    }

    /// <summary>Longer by padding that nothing sees and that predicts nothing.</summary>
    public PackedTurns PadTo(int length)
    {
        int pads = length - Ids.Length;
        return pads == 0 ? this : new PackedTurns
        {
            Ids = [.. Ids, .. new int[pads]],
            Positions = [.. Positions, .. new long[pads]],
            Turns = [.. Turns, .. Enumerable.Repeat(-1L, pads)],
            Targets = [.. Targets, .. Enumerable.Repeat(TrainingText.Ignored, pads)],
            Weights = [.. Weights, .. new float[pads]],
        };
    }
}
