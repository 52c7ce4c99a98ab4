using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Engine;
using Pipeline.TestServers;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Tests.Shards;

/// <summary>Every kind of question on the real engine and the checkpoint that comes with the repository: the form of the answers, not their truth.</summary>
public sealed class QuestionKindsTests
{
    private const string Plate = "[A-Z]{2}-[0-9]{1,4}( [EH])?";

    private static readonly Question[] s_questions =
    [
        new() { Id = "open", Text = "What is it?", MaxTokens = 5 },
        new() { Id = "red", Text = "Is it red?", Kind = QuestionKind.YesNo },
        new() { Id = "shape", Text = "Which shape?", Kind = QuestionKind.Choice, Choices = ["circle", "a square with round corners"] },
        new() { Id = "colours", Text = "Which colours are there?", Kind = QuestionKind.MultiChoice, Choices = ["red", "green", "blue"] },
        new() { Id = "count", Text = "How many?", Kind = QuestionKind.Number },
        new() { Id = "plate", Text = "What is on the plate?", Kind = QuestionKind.Regex, Pattern = Plate, MaxTokens = 9 },
    ];

    public static TheoryData<SamplingSpec?> Samplings =>
    [
        (SamplingSpec?)null,
        new SamplingSpec { Temperature = 1.5, TopP = 0.95, Seed = 7, RepetitionPenalty = 1.3, Stop = ["-", "."], LogProbs = true },
    ];

    [Theory]
    [MemberData(nameof(Samplings))]
    public async Task Every_answer_obeys_its_kind(SamplingSpec? sampling)
    {
        var rows = await AnnotateAsync(sampling, "1.png", "2.png");

        Assert.All(rows, row =>
        {
            Assert.Null(row.Failure);
            Assert.Equal(s_questions.Select(question => question.Id), row.Labels.Select(label => label.QuestionId));
            Assert.All(row.Labels, label => AssertProbabilities(label, sampling?.LogProbs ?? false));
            var answers = row.Labels.ToDictionary(label => label.QuestionId);
            Assert.InRange(answers["open"].Tokens!.Value, 1, 5);
            Assert.Contains(answers["red"].Answer, (string[])["yes", "no"]);
            Assert.Contains(answers["shape"].Answer, s_questions[2].Choices);
            Assert.Equal(
                string.Join("; ", answers["colours"].Choices.Where(choice => choice.Probability >= 0.5).Select(choice => choice.Choice)),
                answers["colours"].Answer);
            Assert.Equal(s_questions[3].Choices, answers["colours"].Choices.Select(choice => choice.Choice));
            Assert.Equal(double.Parse(answers["count"].Answer, CultureInfo.InvariantCulture), answers["count"].Value);
            Assert.Matches(new Regex($"^(?:{Plate})\\z"), answers["plate"].Answer);
            AssertCaption(row.Caption!, sampling?.LogProbs ?? false);
        });
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_rows_and_another_gives_others()
    {
        var first = await AnnotateAsync(new SamplingSpec { Temperature = 2, Seed = 1 }, "1.png");
        var again = await AnnotateAsync(new SamplingSpec { Temperature = 2, Seed = 1 }, "1.png");
        var other = await AnnotateAsync(new SamplingSpec { Temperature = 2, Seed = 2 }, "1.png");

        Assert.Equal(first[0].Caption!.Text, again[0].Caption!.Text);
        Assert.Equal(first[0].Labels.Select(label => label.Answer), again[0].Labels.Select(label => label.Answer));
        Assert.NotEqual(first[0].Caption!.Text, other[0].Caption!.Text);
    }

    /// <summary>A caption without defect was ended by the model; one with a defect has used up its attempts.</summary>
    private static void AssertCaption(GeneratedText caption, bool asked)
    {
        Assert.True(caption.Defect is not null || caption.FinishReason == "stop", caption.FinishReason);
        Assert.InRange(caption.Rejected.Count, caption.Defect is null ? 0 : 2, 2);
        Assert.All(caption.Rejected, rejected => Assert.Contains(rejected.Defect, (string[])["empty", "truncated", "loop", "refusal"]));
        Assert.Equal(asked ? caption.Tokens : 0, caption.LogProbabilities.Count);
    }

    private static void AssertProbabilities(Label label, bool asked)
    {
        Assert.All(label.Choices, choice => Assert.InRange(choice.Probability, 0, 1));
        if (label.Kind is "yes-no" or "choice")
        {
            Assert.Equal(1, label.Choices.Sum(choice => choice.Probability), 6);
            Assert.Equal(label.Choices.Max(choice => choice.Probability), label.Confidence);
        }

        Assert.Equal(label.Kind is "yes-no" or "choice" or "multi-choice", label.Confidence is >= 0 and <= 1);
        Assert.Equal(label.Tokens is not null, label.MeanLogProbability is <= 0);
        Assert.Equal(asked ? label.Tokens ?? 0 : 0, label.LogProbabilities.Count);
        Assert.All(label.LogProbabilities, value => Assert.InRange(value, double.NegativeInfinity, 0));
    }

    private static async Task<IReadOnlyList<AnnotationRow>> AnnotateAsync(SamplingSpec? sampling, params string[] images)
    {
        var spec = new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe", Questions = s_questions, MaxTokens = 12, Sampling = sampling };
        using var job = await TestJob.CreateAsync(spec, [.. images.Select(name => (name, ""))]);
        var square = Path.Combine(Repository.Root, "tests", "Pipeline.Model.Tests", "Golden", "Excerpt", "square.png");
        foreach (var name in images)
        {
            File.Copy(square, Path.Combine(job.SourcePath, name), overwrite: true);
        }

        var model = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2");
        await using var annotator = await EngineAnnotator.LoadAsync(model, new EngineOptions(), TestDecoders.Shared, TestContext.Current.CancellationToken);
        await job.RunAsync(annotator);
        return await job.RowsAsync();
    }
}
