namespace Scenes.Tests.Texts;

/// <summary>Answers, worked out again from the boxes and colours alone.</summary>
public sealed class QuestionTests
{
    private static readonly List<(Scene Scene, SceneQuestion Question)> s_asked =
        [.. Enumerable.Range(0, 1_500).Select(index => SceneGenerator.Draw(SceneSeeds.Training(10_000 + index), new SceneOptions()))
            .SelectMany(scene => scene.Questions, (scene, question) => (scene, question))];

    [Fact]
    public void Every_kind_is_asked_coarse_and_fine()
    {
        Assert.Equal(Enum.GetValues<QuestionKind>(), s_asked.Select(asked => asked.Question.Kind).Distinct().Order());
        Assert.Equal(
            [QuestionKind.YesNo, QuestionKind.Choice, QuestionKind.Read],
            s_asked.Where(asked => asked.Question.Fine).Select(asked => asked.Question.Kind).Distinct().Order());
    }

    [Fact]
    public void Answers_are_among_the_choices_and_no_question_is_put_twice_with_two_answers()
    {
        Assert.All(s_asked, asked => Assert.True(asked.Question.Choices.Count == 0 || asked.Question.Choices.Contains(asked.Question.Answer)));
        Assert.All(s_asked, asked => Assert.Equal(asked.Question.Choices.Count, asked.Question.Choices.Distinct().Count()));
        Assert.All(s_asked.GroupBy(asked => (asked.Scene.Seed, asked.Question.Text)), group => Assert.Single(group.Select(asked => asked.Question.Answer).Distinct()));
    }

    [Theory]
    [InlineData(QuestionKind.YesNo, false)]
    [InlineData(QuestionKind.YesNo, true)]
    [InlineData(QuestionKind.Relation, false)]
    public void Yes_is_as_frequent_as_no(QuestionKind kind, bool fine)
    {
        var answers = s_asked.Where(asked => asked.Question.Kind == kind && asked.Question.Fine == fine && asked.Question.Choices.Contains("yes")).ToList();
        Assert.InRange(answers.Count(asked => asked.Question.Answer == "yes") / (double)answers.Count, 0.46, 0.54);
    }

    [Fact]
    public void Is_there_a_sign_is_answered_yes_as_often_as_no()
    {
        var answers = s_asked.Where(asked => asked.Question.Text == "Is there a sign?").Select(asked => asked.Question.Answer).ToList();
        Assert.InRange(answers.Count(answer => answer == "yes") / (double)answers.Count, 0.4, 0.6);
    }

    [Fact]
    public void Presence_is_right()
    {
        foreach (var (scene, question) in Asked("Is there a"))
        {
            var words = question.Text.TrimEnd('?').Split(' ');
            var isThere = words is [.., "sign"] ? scene.Signs.Count > 0 : scene.Objects.Any(item => NameOf(item) == $"{words[^2]} {words[^1]}");
            Assert.Equal(isThere ? "yes" : "no", question.Answer);
        }
    }

    [Fact]
    public void Counts_are_right()
    {
        foreach (var (scene, question) in Asked("How many"))
        {
            var what = question.Text["How many ".Length..^" are there?".Length];
            var count = scene.Objects.Count(item =>
                what == "shapes" || $"{item.Shape}s".Equals(what, StringComparison.OrdinalIgnoreCase) || (what == "crosses" && item.Shape is SceneShape.Cross)
                || $"{item.Colour} shapes".Equals(what, StringComparison.OrdinalIgnoreCase) || $"{item.Size} shapes".Equals(what, StringComparison.OrdinalIgnoreCase));
            Assert.Equal($"{count}", question.Answer);
        }
    }

    [Fact]
    public void Relations_are_right_by_the_middles_of_the_boxes()
    {
        foreach (var (scene, question) in Asked("Is the "))
        {
            var side = ((string[])["left of", "right of", "above", "below"]).Single(side => question.Text.Contains($" {side} the "));
            var names = question.Text["Is the ".Length..^1].Split($" {side} the ");
            Assert.Equal(Holds(Find(scene, names[0]), side, Find(scene, names[1])) ? "yes" : "no", question.Answer);
        }

        foreach (var (scene, question) in Asked("Where is the").Where(asked => asked.Question.Kind is QuestionKind.Relation))
        {
            var names = question.Text["Where is the ".Length..^1].Split(", seen from the ");
            Assert.All(question.Choices, choice => Assert.Equal(
                choice == question.Answer, Holds(Find(scene, names[0]), choice[..^3], Find(scene, names[1]))));
        }
    }

    [Fact]
    public void Colours_and_shapes_that_are_asked_for_are_single()
    {
        foreach (var (scene, question) in Asked("What colour is the").Where(asked => !asked.Question.Text.Contains("shape")))
        {
            var shape = question.Text.TrimEnd('?').Split(' ')[^1];
            Assert.Equal($"{question.Answer} {shape}", NameOf(Assert.Single(scene.Objects, item => $"{item.Shape}".Equals(shape, StringComparison.OrdinalIgnoreCase))));
        }
    }

    [Fact]
    public void Signs_are_read_as_they_are_drawn()
    {
        foreach (var (scene, question) in s_asked.Where(asked => asked.Question.Fine))
        {
            var text = Assert.Single(scene.Signs).Text;
            Assert.Equal(
                question.Kind is QuestionKind.YesNo ? (question.Text == $"Does the sign say {text}?" ? "yes" : "no") : text, question.Answer);
        }
    }

    private static List<(Scene Scene, SceneQuestion Question)> Asked(string start)
    {
        var asked = s_asked.Where(asked => asked.Question.Text.StartsWith(start, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(asked);
        return asked;
    }

    private static string NameOf(SceneObject item) => $"{item.Colour} {item.Shape}".ToLowerInvariant();

    private static SceneObject Find(Scene scene, string name) => Assert.Single(scene.Objects, item => NameOf(item) == name);

    // In pixels: clearly to that side. Where two places share a row or column their middles may differ by up to a tenth of the image.
    private static bool Holds(SceneObject item, string side, SceneObject other)
    {
        var (dx, dy) = (Middle(item.Box.Left, item.Box.Right) - Middle(other.Box.Left, other.Box.Right), Middle(item.Box.Top, item.Box.Bottom) - Middle(other.Box.Top, other.Box.Bottom));
        var (wide, tall) = (item.Place.Column != other.Place.Column, item.Place.Row != other.Place.Row);
        return side switch { "left of" => wide && dx < 0, "right of" => wide && dx > 0, "above" => tall && dy < 0, _ => tall && dy > 0 };
    }

    private static double Middle(int from, int to) => (from + to) / 2.0;
}
