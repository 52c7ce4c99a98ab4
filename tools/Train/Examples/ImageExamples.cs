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
    private const int CaptionsShown = 1;
    private const int QuestionsShown = 13;

    private readonly SceneCrops _crops = new(config.Version, config.Vision.ImageSize);

    /// <param name="scene">Drawn for it.</param>
    /// <param name="shown">Crops to show; null: all.</param>
    /// <param name="random">Chooses turns and crops.</param>
    public TrainingImage Create(Scene scene, int? shown, Random random)
    {
        var image = _crops.Cut(scene);
        var plan = _crops.Plan(scene);
        int[] crops = shown is { } count ? Choose(scene, plan, count, random) : [.. Enumerable.Range(0, config.Crops)];
        var captions = CaptionPrompts.All.Zip(scene.Captions).OrderBy(_ => random.Next()).Take(CaptionsShown);
        (string Kind, string Prompt, string Answer)[] turns =
        [
            .. captions.Select(caption => ("caption", caption.First, caption.Second)),
            .. scene.Questions.OrderBy(question => question.Fine ? 0 : 1).ThenBy(_ => random.Next()).Take(QuestionsShown).Select(question => (KindOf(question), question.Text, question.Answer)),
        ];
        return new TrainingImage
        {
            Pixels = [.. crops.SelectMany(crop => image.Crop(crop).ToArray())],
            Crops = crops,
            Turns = PackedTurns.Of([.. turns.Select(turn => new TrainingTurn(format.Question(turn.Prompt), encode(turn.Answer)))], config.ImagePositions, format.Special.EndOfTurn),
            Kinds = [.. turns.Select(turn => turn.Kind)],
            Selection = config.Version == DragonflyVersion.V1 ? Wanted(scene, plan) : [],
        };
    }

    private static string KindOf(SceneQuestion question) => $"{(question.Fine ? "fine-" : "")}{question.Kind.ToString().ToLowerInvariant()}";

    /// <summary>Low, all middle, the sign's, and any others.</summary>
    private static int[] Choose(Scene scene, IReadOnlyList<CropGrid> plan, int count, Random random)
    {
        var before = 1 + DragonflyConfig.MiddleCrops;
        var high = Enumerable.Range(before, plan[^1].Count).OrderBy(_ => random.Next());
        return [.. Enumerable.Range(0, before).Concat(SceneCrops.WithSign(scene, plan).Concat(high).Distinct().Take(count - before)).Order()];
    }

    /// <summary>In each region of six candidates, the first that shows some of a sign.</summary>
    private static int[] Wanted(Scene scene, IReadOnlyList<CropGrid> plan)
    {
        var signs = SceneCrops.WithSign(scene, plan).Select(crop => crop - 1 - DragonflyConfig.MiddleCrops).ToHashSet();
        return [.. Enumerable.Range(0, DragonflyConfig.MiddleCrops).Select(region => Enumerable.Range(0, DragonflyConfig.SelectionInterval)
            .Where(candidate => signs.Contains((region * DragonflyConfig.SelectionInterval) + candidate)).DefaultIfEmpty(-1).First())];
    }
}
