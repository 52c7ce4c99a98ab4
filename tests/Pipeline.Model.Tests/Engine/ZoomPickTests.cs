using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Vision;

namespace Pipeline.Model.Tests.Engine;

public sealed class ZoomPickTests
{
    private static readonly int[] s_first = [0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20];
    private static readonly int[] s_last = [3, 4, 5, 9, 10, 11, 15, 16, 17, 21, 22, 23];

    [Fact]
    public async Task Version_1_keeps_the_crops_that_are_picked()
    {
        using var checkpoint = new SmallCheckpoint(1);
        List<int> candidates = [];
        var own = await ScoresAsync(checkpoint.Folder, null);
        var same = await ScoresAsync(checkpoint.Folder, scores =>
        {
            candidates.Add(scores.Length);
            return ZoomSelection.Pick(scores);
        });

        Assert.Equal([24], candidates);
        Assert.Equal(own, same);
        Assert.NotEqual(await ScoresAsync(checkpoint.Folder, _ => s_first), await ScoresAsync(checkpoint.Folder, _ => s_last));
    }

    [Fact]
    public async Task Version_2_keeps_all_and_never_asks()
    {
        using var checkpoint = new SmallCheckpoint(2);
        Assert.Equal(await ScoresAsync(checkpoint.Folder, null), await ScoresAsync(checkpoint.Folder, _ => throw new InvalidOperationException("asked")));
    }

    private static async Task<IReadOnlyList<double>> ScoresAsync(string folder, ZoomPick? pick)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using InferenceEngine engine = await InferenceEngine.LoadAsync(folder, new EngineOptions(), pick, stop);
        byte[] noise = new byte[200 * 140 * 3];
        new Random(5).NextBytes(noise);
        ImageCrops crops = engine.ImageProcessor.Process(noise, new ImageFacts(200, 140, "png"));
        IReadOnlyList<Answer> answers = await engine.RunAsync(new ImageRequest(crops, [new ScorePrompt("Is there a circle?", ["yes", "no"])]), stop);
        return ((ScoredAnswer)answers[0]).LogLikelihoods;
    }
}
