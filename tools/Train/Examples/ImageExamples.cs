using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Training;
using Scenes;

namespace Train.Examples;

/// <summary>Scenes with captions and questions about them, as the model is to answer them.</summary>
/// <param name="config">Of the model.</param>
/// <param name="format">Of its prompts.</param>
/// <param name="encode">Ids of an answer.</param>
internal sealed class ImageExamples(DragonflyConfig config, PromptFormat format, Func<string, IReadOnlyList<int>> encode)
{
    private const int QuestionsShown = 10;
    private const int QuestionRounds = 3;

    private readonly SceneCrops _crops = new(config.Version, config.Vision.ImageSize);

    /// <param name="scene">Drawn for it.</param>
    /// <param name="options">That it was drawn with.</param>
    /// <param name="shown">Crops to show; null: all.</param>
    /// <param name="random">Chooses crops.</param>
    public ImageExample Create(Scene scene, SceneOptions options, int? shown, Random random)
    {
        var image = _crops.Cut(scene);
        var plan = _crops.Plan(scene);
        int[] crops = shown is { } count ? Choose(scene, plan, count, random) : [.. Enumerable.Range(0, config.Crops)];
        return new ImageExample
        {
            Pixels = [.. crops.SelectMany(crop => image.Crop(crop).ToArray())],
            Crops = crops,
            Labels = CropLabels.Concat([.. crops.Select(crop => CropExamples.Label(scene, CropBox.Of(plan, crop), config.Vision.Grid))]),
            Selection = config.Version == DragonflyVersion.V1 ? Wanted(scene, plan) : [],
            Captions = [.. CaptionPrompts.All.Zip(scene.Captions, (prompt, caption) => Turn("caption", prompt, caption))],
            Questions = [.. Distinct([.. scene.Questions, .. SceneGenerator.Practice(scene, options, QuestionRounds)]).Select(question => Turn(question.Topic, question.Text, question.Answer))],
        };
    }

    /// <summary>One caption, and questions as the mix chooses them.</summary>
    public TrainingImage Ask(ImageExample example, QuestionMix mix, Random random)
    {
        ExampleTurn[] turns = [example.Captions[random.Next(example.Captions.Count)], .. mix.Choose(example.Questions, QuestionsShown, random)];
        return new TrainingImage
        {
            Pixels = example.Pixels,
            Crops = example.Crops,
            Labels = example.Labels,
            Turns = PackedTurns.Of([.. turns.Select(turn => turn.Turn)], config.ImagePositions, format.Special.EndOfTurn),
            Topics = [.. turns.Select(turn => turn.Topic)],
            Selection = example.Selection,
        };
    }

    private ExampleTurn Turn(string topic, string prompt, string answer) => new(topic, new TrainingTurn(format.Question(prompt), encode(answer)));

    // There is more that isn't in a scene than is: without its repeats, no would be the safer answer.
    private static IEnumerable<SceneQuestion> Distinct(IReadOnlyList<SceneQuestion> questions) =>
        questions.Where(question => question.Answer is "yes" or "no").Concat(questions.Where(question => question.Answer is not ("yes" or "no")).DistinctBy(question => question.Text));

    /// <summary>The first so many of: low, all middle, the sign's, any others.</summary>
    private static int[] Choose(Scene scene, IReadOnlyList<CropGrid> plan, int count, Random random)
    {
        var before = 1 + DragonflyConfig.MiddleCrops;
        var high = Enumerable.Range(before, plan[^1].Count).OrderBy(_ => random.Next());
        return [.. Enumerable.Range(0, before).Concat(SceneCrops.WithSign(scene, plan)).Concat(high).Distinct().Take(count).Order()];
    }

    /// <summary>In each region of six candidates, the first that shows some of a sign.</summary>
    private static int[] Wanted(Scene scene, IReadOnlyList<CropGrid> plan)
    {
        var signs = SceneCrops.WithSign(scene, plan).Select(crop => crop - 1 - DragonflyConfig.MiddleCrops).ToHashSet();
        return [.. Enumerable.Range(0, DragonflyConfig.MiddleCrops).Select(region => Enumerable.Range(0, DragonflyConfig.SelectionInterval)
            .Where(candidate => signs.Contains((region * DragonflyConfig.SelectionInterval) + candidate)).DefaultIfEmpty(-1).First())];
    }
}
