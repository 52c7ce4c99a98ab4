using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.TestServers;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Tests.Models;

/// <summary>The real engine on the checkpoint that comes with the repository.</summary>
public sealed class EngineAnnotatorTests
{
    private static readonly string s_model = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_decodes_and_answers_and_says_no_to_what_is_no_image()
    {
        await using var annotator = await EngineAnnotator.LoadAsync(s_model, new EngineOptions(), TestDecoders.Shared, Token);
        var png = await File.ReadAllBytesAsync(
            Path.Combine(Repository.Root, "tests", "Pipeline.Model.Tests", "Golden", "Excerpt", "square.png"), Token);

        var crops = await annotator.DecodeAsync(png, Token);
        var answers = await annotator.AnswerAsync(crops, [new GeneratePrompt("Describe", new SamplingParams { MaxTokens = 4 }), new ScorePrompt("Red?", ["yes", "no"])], Token);

        Assert.Equal("png", crops.Image.Format);
        Assert.InRange(Assert.IsType<GeneratedAnswer>(answers[0]).TokenIds.Count, 1, 4);
        Assert.Equal(1, Assert.IsType<ScoredAnswer>(answers[1]).Probabilities.Sum(), 6);
        var error = await Assert.ThrowsAsync<ImageException>(() => annotator.DecodeAsync("no image"u8.ToArray(), Token));
        Assert.Equal(ImageFault.NotAnImage, error.Fault);
    }

    [Fact]
    public async Task A_folder_without_a_model_is_told_apart()
    {
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => EngineAnnotator.LoadAsync(Path.GetTempPath(), new EngineOptions(), TestDecoders.Shared, Token));

        Assert.NotEmpty(error.Faults);
    }

    [Fact]
    public async Task Limits_that_do_not_fit_the_model_are_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<ModelLoadException>(() => EngineAnnotator.LoadAsync(s_model, new EngineOptions { MaxNumSeqs = 0 }, TestDecoders.Shared, Token));

        Assert.Contains("max_num_seqs is 0", error.Message);
    }
}
