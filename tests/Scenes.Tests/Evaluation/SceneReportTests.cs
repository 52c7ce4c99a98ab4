using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class SceneReportTests
{
    private static readonly Scene s_scene = SceneGenerator.Draw(SceneSeeds.HeldOut(0, 2), new SceneOptions());

    [Fact]
    public void Accuracy_and_chance_are_counted_by_kind_and_detail()
    {
        var report = SceneReport.Of([new SceneAnswers(1,
        [
            Scored(QuestionKind.YesNo, ["yes", "no"], "yes", "yes", 0.9), Scored(QuestionKind.YesNo, ["yes", "no"], "no", "yes", 0.7),
            Scored(QuestionKind.Choice, ["a", "b", "c", "d"], "c", "c", 0.5), Scored(QuestionKind.Choice, ["12", "13", "42", "72"], "12", "13", 0.4, fine: true),
            Written(QuestionKind.Count, "3", "3"), Written(QuestionKind.Count, "3", "2"), Written(QuestionKind.Count, "1", "one"),
            Written(QuestionKind.Read, "42", "42", fine: true),
        ], [])]);

        Assert.Equal(
            [
                new KindScore(QuestionKind.YesNo, false, 2, 1, 0.5), new KindScore(QuestionKind.Choice, false, 1, 1, 0.25),
                new KindScore(QuestionKind.Count, false, 3, 1, 2 / 3.0), new KindScore(QuestionKind.Choice, true, 1, 0, 0.25),
                new KindScore(QuestionKind.Read, true, 1, 1, 1),
            ],
            report.Kinds);
        Assert.Equal((6, 3), (report.Coarse.Count, report.Coarse.Right));
        Assert.Equal((0.5 + 0.5 + 0.25 + 2) / 6, report.Coarse.Chance, 12);
        Assert.Equal((2, 1, 0.5), (report.Fine.Count, report.Fine.Right, report.Fine.Accuracy));
    }

    [Fact]
    public void Topics_come_with_an_example_the_weakest_first()
    {
        var report = SceneReport.Of([new SceneAnswers(1, [Asked("place", "Where is it?", true), Asked("size", "How large is it?", true), Asked("size", "How large is that?", false)], [])]);

        Assert.Equal([new TopicScore("size", "How large is it?", 2, 1), new TopicScore("place", "Where is it?", 1, 1)], report.Topics);

        static QuestionAnswer Asked(string topic, string text, bool isRight) => new(new SceneQuestion(QuestionKind.Open, topic, text, [], "right", false), isRight ? "right" : "wrong", null);
    }

    [Fact]
    public void Calibration_takes_scored_answers_alone_yes_and_no_apart_from_choices()
    {
        var report = SceneReport.Of([new SceneAnswers(1,
        [
            Scored(QuestionKind.YesNo, ["yes", "no"], "yes", "yes", 0.9), Scored(QuestionKind.Relation, ["yes", "no"], "no", "yes", 0.7),
            Scored(QuestionKind.Choice, ["a", "b"], "a", "a", 0.8), Written(QuestionKind.Open, "nothing", "nothing"),
        ], [])]);

        Assert.Equal((0.1 + 0.7) / 2, report.YesNo.ExpectedError, 12);
        Assert.Equal(0.2, report.Choice.ExpectedError, 12);
        Assert.Equal((0.1 + 0.7 + 0.2) / 3, report.Scored.ExpectedError, 12);
        Assert.Equal((2, 1, 3), (report.YesNo.Count, report.Choice.Count, report.Scored.Count));
    }

    [Fact]
    public void Captions_are_judged_by_prompt()
    {
        const string Right = "blue circle, purple ring and orange square", Wrong = "blue circle and orange ring";
        var report = SceneReport.Of([Captions(Caption(3, Right), Caption(0, "nothing at all")), Captions(Caption(3, Wrong))]);

        Assert.Equal([0, 3], report.Captions.Select(caption => caption.Prompt));
        var lists = report.Captions[1];
        Assert.Equal((2, 0.5), (lists.Count, lists.Exact));
        Assert.Equal((1 + (2.0 * 4 / 12)) / 2, lists.RougeL, 12); // blue circle and orange, of 5 and 7 words
        Assert.Equal(("5/5", "4/5", "4/6"), ($"{lists.Facts.Objects}", $"{lists.Facts.Colours}", $"{lists.Facts.Found}"));
        Assert.Equal(0.9, lists.Told.Share, 12);
        Assert.Empty(report.Kinds);

        SceneAnswers Captions(params CaptionAnswer[] captions) => new(1, [], captions);
        CaptionAnswer Caption(int prompt, string text) => new(prompt, text, s_scene.Captions[prompt], CaptionFacts.Of(text, s_scene));
    }

    private static QuestionAnswer Scored(QuestionKind kind, string[] choices, string right, string answer, double confidence, bool fine = false) =>
        new(new SceneQuestion(kind, "topic", "?", choices, right, fine), answer, confidence);

    private static QuestionAnswer Written(QuestionKind kind, string right, string answer, bool fine = false) =>
        new(new SceneQuestion(kind, "topic", "?", [], right, fine), answer, null);
}
