using Pipeline.Model.Engine;
using Pipeline.TestServers;
using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class SceneEvaluatorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_question_and_caption_prompt_of_every_scene_is_answered_in_order()
    {
        await using var engine = await InferenceEngine.LoadAsync(Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"), new EngineOptions(), Stop);
        long[] seeds = [.. Enumerable.Range(0, 5).Select(index => SceneSeeds.Validation(index))];
        var options = new SceneOptions { CropSize = engine.Config.Vision.ImageSize };

        var answers = await SceneEvaluator.RunAsync(engine, seeds, options, CropMask.None, CaptionPrompts.All.Count, null, Stop);

        Assert.Equal(seeds, answers.Select(scene => scene.Seed));
        foreach (var scene in answers)
        {
            var drawn = SceneGenerator.Draw(scene.Seed, options);
            Assert.Equal(drawn.Questions.Select(question => question.Text), scene.Questions.Select(answer => answer.Question.Text));
            Assert.Equal(drawn.Captions, scene.Captions.Select(caption => caption.Reference));
            Assert.All(scene.Questions, answer => Assert.Equal(answer.Question.Choices.Count > 0, answer.Confidence is not null));
            Assert.All(scene.Questions.Where(answer => answer.Confidence is not null), answer =>
            {
                Assert.Contains(answer.Answer, answer.Question.Choices);
                Assert.InRange(answer.Confidence!.Value, 1.0 / answer.Question.Choices.Count, 1.0);
            });
        }

        var masked = await SceneEvaluator.RunAsync(engine, seeds, options, CropMask.Zoom, 0, null, Stop);
        Assert.All(masked, scene => Assert.Empty(scene.Captions));
        Assert.NotEqual(Confidences(answers), Confidences(masked)); // the model looks at what is masked
    }

    private static List<double> Confidences(IReadOnlyList<SceneAnswers> scenes) =>
        [.. scenes.SelectMany(scene => scene.Questions).Select(answer => answer.Confidence).OfType<double>()];
}
