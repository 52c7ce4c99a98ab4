using Pipeline.Model.Evaluation;

namespace Scenes.Evaluation;

/// <summary>How good the answers are.</summary>
public sealed record SceneReport
{
    public required int Scenes { get; init; }

    /// <summary>Each kind, coarse before fine; kinds that were not asked are left out.</summary>
    public required IReadOnlyList<KindScore> Kinds { get; init; }

    /// <summary>Each <see cref="SceneQuestion.Topic"/>, the weakest first.</summary>
    public required IReadOnlyList<TopicScore> Topics { get; init; }

    /// <summary>All questions that the low resolution can answer.</summary>
    public required KindScore Coarse { get; init; }

    /// <summary>All questions that only the zoom can answer.</summary>
    public required KindScore Fine { get; init; }

    /// <summary>By prompt; empty where no captions were asked for.</summary>
    public required IReadOnlyList<CaptionScore> Captions { get; init; }

    /// <summary>Of answers yes and no.</summary>
    public required Calibration YesNo { get; init; }

    /// <summary>Of the choice among other answers.</summary>
    public required Calibration Choice { get; init; }

    /// <summary>Of all scored answers.</summary>
    public required Calibration Scored { get; init; }

    public static SceneReport Of(IReadOnlyCollection<SceneAnswers> scenes)
    {
        var answers = scenes.SelectMany(scene => scene.Questions).ToList();
        var scored = answers.Where(answer => answer.Confidence is not null).ToLookup(
            answer => answer.Question.Choices is ["yes", "no"], answer => (answer.Confidence!.Value, answer.IsRight));
        return new SceneReport
        {
            Scenes = scenes.Count,
            Kinds = [.. answers.GroupBy(answer => (answer.Question.Fine, answer.Question.Kind)).OrderBy(group => group.Key)
                .Select(group => KindScore.Of(group.Key.Kind, group.Key.Fine, [.. group]))],
            Topics = [.. answers.GroupBy(answer => answer.Question.Topic)
                .Select(group => new TopicScore(group.Key, group.First().Question.Text, group.Count(), group.Count(answer => answer.IsRight)))
                .OrderBy(topic => topic.Accuracy).ThenBy(topic => topic.Topic, StringComparer.Ordinal)],
            Coarse = KindScore.Of(null, false, [.. answers.Where(answer => !answer.Question.Fine)]),
            Fine = KindScore.Of(null, true, [.. answers.Where(answer => answer.Question.Fine)]),
            Captions = [.. scenes.SelectMany(scene => scene.Captions).GroupBy(caption => caption.Prompt).OrderBy(group => group.Key)
                .Select(group => CaptionScore.Of(group.Key, [.. group]))],
            YesNo = Calibration.Of([.. scored[true]]),
            Choice = Calibration.Of([.. scored[false]]),
            Scored = Calibration.Of([.. scored[true], .. scored[false]]),
        };
    }
}

/// <summary>Questions of one kind.</summary>
/// <param name="Kind">Null: all kinds.</param>
/// <param name="Fine">Only the zoom answers them.</param>
/// <param name="Count">Asked.</param>
/// <param name="Right">Answered rightly.</param>
/// <param name="Chance">Share that is right without a look at the image: one of the choices drawn at random, and the most frequent answer where it is written.</param>
public sealed record KindScore(QuestionKind? Kind, bool Fine, int Count, int Right, double Chance)
{
    /// <summary>0 to 1; NaN where nothing was asked.</summary>
    public double Accuracy => (double)Right / Count;

    internal static KindScore Of(QuestionKind? kind, bool fine, IReadOnlyList<QuestionAnswer> answers)
    {
        var guessed = answers.Where(answer => answer.Question.Choices.Count > 0).Sum(answer => 1.0 / answer.Question.Choices.Count)
            + answers.Where(answer => answer.Question.Choices.Count == 0).GroupBy(answer => answer.Question.Kind)
                .Sum(group => group.CountBy(answer => answer.Question.Answer).Max(answer => answer.Value));
        return new KindScore(kind, fine, answers.Count, answers.Count(answer => answer.IsRight), guessed / answers.Count);
    }
}

/// <summary>Questions of one template.</summary>
/// <param name="Topic">See <see cref="SceneQuestion.Topic"/>.</param>
/// <param name="Example">The first of them.</param>
/// <param name="Count">Asked.</param>
/// <param name="Right">Answered rightly.</param>
public sealed record TopicScore(string Topic, string Example, int Count, int Right)
{
    /// <summary>0 to 1.</summary>
    public double Accuracy => (double)Right / Count;
}

/// <summary>Captions to one prompt.</summary>
/// <param name="Prompt">Index into <see cref="CaptionPrompts.All"/>.</param>
/// <param name="Count">Written.</param>
/// <param name="Exact">Share that is the reference to the letter.</param>
/// <param name="RougeL">Mean F1 with the reference.</param>
/// <param name="Facts">Of all captions.</param>
public sealed record CaptionScore(int Prompt, int Count, double Exact, double RougeL, CaptionFacts Facts)
{
    /// <summary>Shapes, their colours and their relations together.</summary>
    public FactCount Told => Facts.Objects + Facts.Colours + Facts.Relations;

    internal static CaptionScore Of(int prompt, IReadOnlyList<CaptionAnswer> captions) => new(
        prompt, captions.Count, captions.Average(caption => caption.IsExact ? 1.0 : 0.0),
        captions.Average(caption => Pipeline.Model.Evaluation.RougeL.F1(caption.Text, caption.Reference)),
        captions.Aggregate(CaptionFacts.None, (sum, caption) => sum + caption.Facts));
}
