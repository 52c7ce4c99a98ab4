using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Vision;

namespace Pipeline.Model.Tests.Engine;

public sealed class ZoomPickTests
{
    private static readonly int[] s_first = [0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20];
    private static readonly int[] s_last = [3, 4, 5, 9, 10, 11, 15, 16, 17, 21, 22, 23];

    private static readonly ScorePrompt s_question = new("Is there a circle?", ["yes", "no"]);

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
    public async Task Answers_tell_the_boxes_of_the_crops_that_were_kept()
    {
        using var checkpoint = new SmallCheckpoint(1);
        IReadOnlyList<Answer> answers = await AnswersAsync(checkpoint.Folder, _ => s_last, new GeneratePrompt("What?", new() { MaxTokens = 2 }), s_question);

        // 200 × 140 pixels in 6 × 4 crops: the kept ones are columns 3 to 5 of every row.
        PixelBox[] expected =
        [
            new(100, 0, 133, 35), new(133, 0, 167, 35), new(167, 0, 200, 35), new(100, 35, 133, 70), new(133, 35, 167, 70), new(167, 35, 200, 70),
            new(100, 70, 133, 105), new(133, 70, 167, 105), new(167, 70, 200, 105), new(100, 105, 133, 140), new(133, 105, 167, 140), new(167, 105, 200, 140),
        ];
        Assert.All(answers, answer => Assert.Equal(expected, answer.Zooms));
    }

    [Fact]
    public async Task Version_2_tells_no_boxes()
    {
        using var checkpoint = new SmallCheckpoint(2);
        Assert.Empty((await AnswersAsync(checkpoint.Folder, null, s_question))[0].Zooms);
    }

    [Fact]
    public async Task Version_2_keeps_all_and_never_asks()
    {
        using var checkpoint = new SmallCheckpoint(2);
        Assert.Equal(await ScoresAsync(checkpoint.Folder, null), await ScoresAsync(checkpoint.Folder, _ => throw new InvalidOperationException("asked")));
    }

    private static async Task<IReadOnlyList<double>> ScoresAsync(string folder, ZoomPick? pick) =>
        ((ScoredAnswer)(await AnswersAsync(folder, pick, s_question))[0]).LogLikelihoods;

    private static async Task<IReadOnlyList<Answer>> AnswersAsync(string folder, ZoomPick? pick, params Prompt[] prompts)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using InferenceEngine engine = await InferenceEngine.LoadAsync(folder, new EngineOptions(), pick, stop);
        byte[] noise = new byte[200 * 140 * 3];
        new Random(5).NextBytes(noise);
        ImageCrops crops = engine.ImageProcessor.Process(noise, new ImageFacts(200, 140, "png"));
        return await engine.RunAsync(new ImageRequest(crops, prompts), stop);
    }
}
