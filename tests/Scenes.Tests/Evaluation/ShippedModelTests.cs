using Pipeline.Model.Engine;
using Pipeline.TestServers;
using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

/// <summary>What the models that ship see, on a small held-out set: the model cards have the figures of 1,000 scenes.</summary>
public sealed class ShippedModelTests
{
    private const int Scenes = 60;
    private const int Draw = 2_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dragonfly-tiny-v1", 0.94, 0.85)]
    [InlineData("dragonfly-tiny-v2", 0.95, 0.88)]
    public async Task It_sees_and_reads_small_signs_only_through_the_zoom(string model, double coarse, double fine)
    {
        await using var engine = await InferenceEngine.LoadAsync(Path.Combine(Repository.Root, "models", model), new EngineOptions(), Stop);

        var seeing = await ReportAsync(engine, CropMask.None, captionPrompts: 1);
        var masked = await ReportAsync(engine, CropMask.Zoom, captionPrompts: 0);

        Assert.True(seeing.Coarse.Accuracy >= coarse, $"coarse: {seeing.Coarse.Accuracy:0.000}");
        Assert.True(seeing.Fine.Accuracy >= fine, $"fine: {seeing.Fine.Accuracy:0.000}");
        Assert.True(seeing.Captions[0].Told.Share >= 0.9, $"caption facts: {seeing.Captions[0].Told.Share:0.000}");
        Assert.True(masked.Fine.Accuracy <= masked.Fine.Chance + 0.15, $"fine with the zoom masked: {masked.Fine.Accuracy:0.000}, chance {masked.Fine.Chance:0.000}");
    }

    private static async Task<SceneReport> ReportAsync(InferenceEngine engine, CropMask mask, int captionPrompts)
    {
        long[] seeds = [.. Enumerable.Range(0, Scenes).Select(index => SceneSeeds.HeldOut(Draw, index))];
        return SceneReport.Of(await SceneEvaluator.RunAsync(engine, seeds, new SceneOptions { CropSize = engine.Config.Vision.ImageSize }, mask, captionPrompts, null, Stop));
    }
}
