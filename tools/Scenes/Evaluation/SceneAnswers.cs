namespace Scenes.Evaluation;

/// <summary>What a model said about a scene.</summary>
/// <param name="Seed">Draws it again.</param>
/// <param name="Questions">Of the scene, in order.</param>
/// <param name="Captions">One a prompt that was asked; none where captions were left out.</param>
public sealed record SceneAnswers(long Seed, IReadOnlyList<QuestionAnswer> Questions, IReadOnlyList<CaptionAnswer> Captions);

/// <summary>A question and what the model answered.</summary>
/// <param name="Question">With the right answer.</param>
/// <param name="Answer">The model's: the likeliest choice, or the text that it wrote, without spaces around it.</param>
/// <param name="Confidence">Probability of the choice, 0 to 1; null where the answer was written.</param>
public sealed record QuestionAnswer(SceneQuestion Question, string Answer, double? Confidence)
{
    /// <summary>Nothing but the very answer counts.</summary>
    public bool IsRight => Answer == Question.Answer;
}

/// <summary>A caption that the model wrote.</summary>
/// <param name="Prompt">Index into <see cref="CaptionPrompts.All"/>.</param>
/// <param name="Text">The model's, without spaces around it.</param>
/// <param name="Reference">The scene's own.</param>
/// <param name="Facts">What it says, and how much of that is so.</param>
public sealed record CaptionAnswer(int Prompt, string Text, string Reference, CaptionFacts Facts)
{
    public bool IsExact => Text == Reference;
}
