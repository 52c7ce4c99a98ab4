using Pipeline.Model.Engine;
using Pipeline.Model.Sampling;
using Scenes.Dataset;

namespace Scenes.Evaluation;

/// <summary>Shows scenes to a model as files, as any user's images are, and keeps what it says.</summary>
public static class SceneEvaluator
{
    /// <summary>Longer than any caption of the scene language in tokens of its tokenizer.</summary>
    private const int CaptionTokens = 96;
    private const int AnswerTokens = 12;
    private const int ScenesAtATime = 12;

    /// <param name="engine">The model.</param>
    /// <param name="seeds">One a scene: held-out ones for figures, validation ones while training.</param>
    /// <param name="options">How hard the scenes are.</param>
    /// <param name="mask">What the model may see.</param>
    /// <param name="captionPrompts">Ask for this many of <see cref="CaptionPrompts.All"/>, from the first on.</param>
    /// <param name="progress">Told after each scene how many are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>In the order of the seeds.</returns>
    public static async Task<IReadOnlyList<SceneAnswers>> RunAsync(
        InferenceEngine engine, IReadOnlyList<long> seeds, SceneOptions options, CropMask mask, int captionPrompts, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var answers = new SceneAnswers[seeds.Count];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ScenesAtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, seeds.Count), parallel, async (index, token) =>
        {
            answers[index] = await AskAsync(engine, SceneGenerator.Draw(seeds[index], options), mask, captionPrompts, token);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return answers;
    }

    private static async Task<SceneAnswers> AskAsync(
        InferenceEngine engine, Scene scene, CropMask mask, int captionPrompts, CancellationToken cancellationToken)
    {
        var crops = mask.Apply(engine.ImageProcessor.Process(SceneImages.Encode(scene).Bytes));
        IReadOnlyList<Prompt> prompts =
        [
            .. CaptionPrompts.All.Take(captionPrompts).Select(prompt => Write(prompt, CaptionTokens)),
            .. scene.Questions.Select(Ask),
        ];
        var answers = await engine.RunAsync(new ImageRequest(crops, prompts), cancellationToken);
        return new SceneAnswers(
            scene.Seed,
            [.. scene.Questions.Zip(answers.Skip(captionPrompts), AnswerOf)],
            [.. answers.Take(captionPrompts).Select((answer, prompt) => CaptionOf(scene, prompt, ((GeneratedAnswer)answer).Text.Trim()))]);
    }

    private static Prompt Ask(SceneQuestion question) =>
        question.Choices.Count > 0 ? new ScorePrompt(question.Text, question.Choices) : Write(question.Text, AnswerTokens);

    private static GeneratePrompt Write(string text, int maxTokens) => new GeneratePrompt(text, new SamplingParams { MaxTokens = maxTokens });

    private static CaptionAnswer CaptionOf(Scene scene, int prompt, string text) => new(prompt, text, scene.Captions[prompt], CaptionFacts.Of(text, scene));

    private static QuestionAnswer AnswerOf(SceneQuestion question, Answer answer) => answer is ScoredAnswer scored
        ? new QuestionAnswer(question, question.Choices[scored.Best], scored.Probabilities[scored.Best])
        : new QuestionAnswer(question, ((GeneratedAnswer)answer).Text.Trim(), null);
}
