using System.Text.RegularExpressions;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Engine;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class JobPromptsTests
{
    private static readonly JobSpec s_spec = new() { Source = "", Output = "", Model = "", MaxTokens = 9 };

    [Fact]
    public void Captions_are_judged_and_greedy_where_the_job_says_nothing()
    {
        var caption = Assert.IsType<GeneratePrompt>(Assert.Single(new JobPrompts(s_spec with { Caption = "Describe" }).Prompts));

        Assert.Equal("Describe", caption.Text);
        Assert.Equivalent(new SamplingParams { MaxTokens = 9 }, caption.Sampling, strict: true);
        Assert.Equal(new QualityGate { MaxRetries = 2 }, caption.Gate);
        Assert.Null(caption.Shape);
    }

    [Fact]
    public void Sampling_goes_to_what_the_model_writes_and_spoils_no_shape()
    {
        var sampling = new SamplingSpec
        {
            Temperature = 0.7,
            TopP = 0.9,
            TopK = 50,
            MinP = 0.05,
            RepetitionPenalty = 1.1,
            Seed = 42,
            Stop = ["###"],
            LogProbs = true,
        };
        var spec = s_spec with
        {
            Caption = "Describe",
            Questions =
            [
                new Question { Id = "open", Text = "What?", MaxTokens = 3 },
                new Question { Id = "count", Text = "How many?", Kind = QuestionKind.Number },
                new Question { Id = "plate", Text = "Which plate?", Kind = QuestionKind.Regex, Pattern = "[A-Z]{2}" },
            ],
            Sampling = sampling,
            Quality = new QualitySpec { MaxRetries = 0 },
        };

        var prompts = new JobPrompts(spec).Prompts.Cast<GeneratePrompt>().ToList();

        var free = new SamplingParams
        {
            MaxTokens = 9,
            Temperature = 0.7,
            TopP = 0.9,
            TopK = 50,
            MinP = 0.05,
            RepetitionPenalty = 1.1,
            Seed = 42,
            Stop = ["###"],
            LogProbs = true,
        };
        Assert.Equivalent(free, prompts[0].Sampling, strict: true);
        Assert.Equivalent(free with { MaxTokens = 3 }, prompts[1].Sampling, strict: true);
        Assert.Equivalent(free with { MaxTokens = 16, RepetitionPenalty = 1, Stop = [] }, prompts[2].Sampling, strict: true);
        Assert.Equivalent(free with { RepetitionPenalty = 1, Stop = [] }, prompts[3].Sampling, strict: true);
        Assert.Equal([0, null, null, null], prompts.Select(prompt => prompt.Gate?.MaxRetries));
        Assert.Equal("[A-Z]{2}", prompts[3].Shape?.Pattern);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-17", true)]
    [InlineData("999999999.9999", true)]
    [InlineData("0.5", true)]
    [InlineData("1000000000", false)]
    [InlineData("007", false)]
    [InlineData("1.", false)]
    [InlineData("1,5", false)]
    [InlineData("+1", false)]
    [InlineData("1e5", false)]
    [InlineData("", false)]
    public void A_number_has_one_plain_form_that_fits_its_tokens(string text, bool isNumber)
    {
        var prompt = (GeneratePrompt)Assert.Single(Prompts(new Question { Id = "n", Text = "How many?", Kind = QuestionKind.Number }).Prompts);

        Assert.Equal(isNumber, Regex.IsMatch(text, $"^(?:{prompt.Shape!.Pattern})\\z"));
        Assert.InRange(text.Length + 1, 1, prompt.Sampling.MaxTokens);
    }

    [Fact]
    public void Every_choice_of_several_is_asked_on_its_own_and_the_likely_ones_are_chosen()
    {
        var prompts = Prompts(
            new Question { Id = "pets", Text = "Which pets?", Kind = QuestionKind.MultiChoice, Choices = ["cat", "dog", "bird"] },
            new Question { Id = "red", Text = "Red?", Kind = QuestionKind.YesNo });
        Assert.Equal(
            [
                "Which pets? Does \"cat\" apply? Answer yes or no.", "Which pets? Does \"dog\" apply? Answer yes or no.",
                "Which pets? Does \"bird\" apply? Answer yes or no.", "Red?",
            ],
            prompts.Prompts.Select(prompt => prompt.Text));
        Assert.All(prompts.Prompts, prompt => Assert.Equal(["yes", "no"], Assert.IsType<ScorePrompt>(prompt).Choices));

        var labels = Labels(prompts, YesWith(0.5), YesWith(0.25), YesWith(0.75), YesWith(1));

        Assert.Equal(("multi-choice", "cat; bird"), (labels[0].Kind, labels[0].Answer));
        Assert.Equal(0.5 * 0.75 * 0.75, labels[0].Confidence!.Value, 12);
        Assert.Equal([new("cat", 0.5), new("dog", 0.25), new("bird", 0.75)], labels[0].Choices);
        Assert.Equal(("yes", 1.0), (labels[1].Answer, labels[1].Confidence));
    }

    [Fact]
    public void None_of_several_choices_may_apply()
    {
        var prompts = Prompts(new Question { Id = "pets", Text = "Which pets?", Kind = QuestionKind.MultiChoice, Choices = ["cat", "dog"] });

        var label = Assert.Single(Labels(prompts, YesWith(0.25), YesWith(0.125)));

        Assert.Equal(("", 0.75 * 0.875), (label.Answer, label.Confidence));
    }

    [Fact]
    public void A_number_has_its_value_and_its_log_probabilities()
    {
        var prompts = Prompts(new Question { Id = "n", Text = "How many?", Kind = QuestionKind.Number });

        var label = Assert.Single(Labels(prompts, new GeneratedAnswer("-12.5", [1, 2], FinishReason.Stop, -0.75, 10) { LogProbabilities = [-1, -0.5] }));

        Assert.Equal(("number", "-12.5", -12.5, "stop", 2, -0.75), (label.Kind, label.Answer, label.Value, label.FinishReason, label.Tokens, label.MeanLogProbability));
        Assert.Equal([-1, -0.5], label.LogProbabilities);
        Assert.Null(label.Confidence);
    }

    [Fact]
    public void A_number_that_is_none_fails_its_row()
    {
        var prompts = Prompts(new Question { Id = "n", Text = "How many?", Kind = QuestionKind.Number });

        var row = Row(prompts, new GeneratedAnswer("!", [0], FinishReason.Length, -0.75, 10));

        Assert.Equal(RowFailure.InferenceFailed, row.Failure);
        Assert.Contains("'!'", row.FailureMessage);
        Assert.Empty(row.Labels);
    }

    [Fact]
    public void What_happened_to_a_caption_is_told()
    {
        var prompts = new JobPrompts(s_spec with { Caption = "Describe" });

        var caption = Row(prompts, new GeneratedAnswer("a a a", [1, 1, 1], FinishReason.Length, -0.5, 10)
        {
            Defect = AnswerDefect.Truncated,
            Rejected = [new RejectedAnswer("", AnswerDefect.Empty), new RejectedAnswer("I can't.", AnswerDefect.Refusal)],
            LogProbabilities = [-0.5, -0.5, -0.5],
        }).Caption!;

        Assert.Equal(("length", "truncated"), (caption.FinishReason, caption.Defect));
        Assert.Equal([new("", "empty"), new("I can't.", "refusal")], caption.Rejected);
        Assert.Equal(3, caption.LogProbabilities.Count);
    }

    private static JobPrompts Prompts(params Question[] questions) => new(s_spec with { Questions = questions });

    private static IReadOnlyList<Label> Labels(JobPrompts prompts, params Answer[] answers) => Row(prompts, answers).Labels;

    private static AnnotationRow Row(JobPrompts prompts, params Answer[] answers) =>
        prompts.RowOf(new ImageWork(new PlannedImage("a.jpg", "file:///a.jpg", 1, "")) { Answers = answers });

    private static ScoredAnswer YesWith(double probability) =>
        new(probability >= 0.5 ? 0 : 1, [Math.Log(probability), Math.Log(1 - probability)], [probability, 1 - probability], 10);
}
