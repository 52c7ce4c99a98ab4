using System.Globalization;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Constraints;
using Pipeline.Model.Engine;

namespace Pipeline.Worker.Shards;

/// <summary>What one question asks of the model, and how the answers become its label.</summary>
internal sealed class QuestionPrompts
{
    /// <summary>Up to nine digits before the point and four behind: what a double holds exactly enough, and nobody counts further in an image.</summary>
    private static readonly AnswerShape s_number = new(@"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?");

    /// <summary>The longest number, a token a character, and the end of turn.</summary>
    private const int NumberTokens = 16;

    private static readonly string[] s_yesNo = ["yes", "no"];
    private readonly Question _question;

    public QuestionPrompts(Question question, JobSampling sampling)
    {
        _question = question;
        var maxTokens = question.MaxTokens ?? sampling.MaxTokens;
        Prompts = question.Kind switch
        {
            QuestionKind.Open => [new GeneratePrompt(question.Text, sampling.Free(maxTokens))],
            QuestionKind.Number => [new GeneratePrompt(question.Text, sampling.Shaped(NumberTokens)) { Shape = s_number }],
            QuestionKind.Regex => [new GeneratePrompt(question.Text, sampling.Shaped(maxTokens)) { Shape = new AnswerShape(question.Pattern!) }],
            QuestionKind.YesNo => [new ScorePrompt(question.Text, s_yesNo)],
            QuestionKind.Choice => [new ScorePrompt(question.Text, question.Choices)],
            QuestionKind.MultiChoice => [.. question.Choices.Select(choice => new ScorePrompt(TextOf(question.Text, choice), s_yesNo))],
            _ => throw new ArgumentOutOfRangeException(nameof(question), question.Kind, "There is no such kind of question."),
        };
    }

    /// <summary>One, or of multi-choice questions one a choice.</summary>
    public IReadOnlyList<Prompt> Prompts { get; }

    /// <param name="answers">One a prompt.</param>
    /// <exception cref="FormatException">An answer is not what the question's kind says.</exception>
    public Label LabelOf(IReadOnlyList<Answer> answers)
    {
        var label = new Label { QuestionId = _question.Id, Question = _question.Text, Kind = QuestionKinds.NameOf(_question.Kind), Answer = "" };
        return _question.Kind switch
        {
            QuestionKind.MultiChoice => Chosen(label, [.. answers.Cast<ScoredAnswer>().Select(answer => answer.Probabilities[0])]),
            QuestionKind.YesNo => Scored(label, (ScoredAnswer)answers[0], s_yesNo),
            QuestionKind.Choice => Scored(label, (ScoredAnswer)answers[0], _question.Choices),
            QuestionKind.Number => Written(label, (GeneratedAnswer)answers[0]) with { Value = NumberOf((GeneratedAnswer)answers[0]) },
            _ => Written(label, (GeneratedAnswer)answers[0]),
        };
    }

    public static string NameOf(FinishReason reason) => reason is FinishReason.Stop ? "stop" : "length";

    private static Label Written(Label label, GeneratedAnswer answer) => label with
    {
        Answer = answer.Text,
        FinishReason = NameOf(answer.FinishReason),
        Tokens = answer.TokenIds.Count,
        MeanLogProbability = answer.MeanLogProbability,
        LogProbabilities = answer.LogProbabilities,
    };

    private static Label Scored(Label label, ScoredAnswer answer, IReadOnlyList<string> choices) => label with
    {
        Answer = choices[answer.Best],
        Confidence = answer.Probabilities[answer.Best],
        Choices = [.. choices.Zip(answer.Probabilities, (choice, probability) => new ScoredChoice(choice, probability))],
    };

    /// <summary>A choice that is as likely as not counts as chosen. The confidence takes choices as independent, which is how they were asked.</summary>
    private Label Chosen(Label label, double[] probabilities)
    {
        ScoredChoice[] choices = [.. _question.Choices.Zip(probabilities, (choice, probability) => new ScoredChoice(choice, probability))];
        return label with
        {
            Answer = string.Join("; ", choices.Where(scored => scored.Probability >= 0.5).Select(scored => scored.Choice)),
            Confidence = probabilities.Aggregate(1.0, (all, probability) => all * Math.Max(probability, 1 - probability)),
            Choices = choices,
        };
    }

    private static string TextOf(string question, string choice) => $"{question} Does \"{choice}\" apply? Answer yes or no.";

    /// <exception cref="FormatException">The engine did not keep to the shape.</exception>
    private static double NumberOf(GeneratedAnswer answer) =>
        double.TryParse(answer.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"The model answered a question for a number with '{answer.Text}'.");
}
