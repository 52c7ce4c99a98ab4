namespace Pipeline.Model.Sampling;

/// <summary>Chooses the next token of one answer where the likeliest is not simply it: drawing, penalties, a shape the answer must have.</summary>
internal interface ITokenPicker
{
    /// <summary>A pure function of its arguments, so that a step that failed can be run again; called on the engine's thread.</summary>
    /// <param name="logits">Raw, <c>[vocabulary]</c>; may be overwritten.</param>
    /// <param name="generated">Ids of the answer so far.</param>
    PickedToken Pick(Span<float> logits, IReadOnlyList<int> generated);

    /// <summary>Not null where picking is nothing but drawing by these, so that it can be done where the logits are.</summary>
    SamplingParams? Draw => null;
}

/// <summary>A token of an answer.</summary>
/// <param name="Id">In the vocabulary.</param>
/// <param name="LogProbability">Natural log of the probability the model itself gives it: of the raw logits, before temperature, penalty or constraint.</param>
internal readonly record struct PickedToken(int Id, float LogProbability);
