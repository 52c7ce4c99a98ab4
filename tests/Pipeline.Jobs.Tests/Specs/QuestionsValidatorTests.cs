using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class QuestionsValidatorTests
{
    [Fact]
    public void Good_questions_pass() => Assert.Empty(Pointers(
        new() { Id = "a.B_c-1", Text = "What?" },
        new() { Id = new string('x', 64), Text = "Is it?", Kind = QuestionKind.YesNo },
        new() { Id = "c", Text = "Which?", Kind = QuestionKind.Choice, Choices = ["red", "Red"] }));

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("ünicode")]
    [InlineData("a/b")]
    public void Ids_are_plain_names(string id) => Assert.Equal(["/questions/0/id"], Pointers(new Question { Id = id, Text = "What?" }));

    [Fact]
    public void Ids_are_short() => Assert.Equal(["/questions/0/id"], Pointers(new Question { Id = new string('x', 65), Text = "What?" }));

    [Fact]
    public void Ids_are_unique() => Assert.Equal(
        ["/questions/1/id", "/questions/2/id"],
        Pointers(new() { Id = "a", Text = "1" }, new() { Id = "a", Text = "2" }, new() { Id = "a", Text = "3" }));

    [Fact]
    public void A_question_has_a_text() => Assert.Equal(["/questions/0/text"], Pointers(new Question { Id = "a", Text = " " }));

    [Fact]
    public void Choices_belong_to_choice_alone() => Assert.Equal(
        ["/questions/0/choices", "/questions/1/choices"],
        Pointers(
            new() { Id = "a", Text = "1", Choices = ["x", "y"] },
            new() { Id = "b", Text = "2", Kind = QuestionKind.YesNo, Choices = ["yes", "no"] }));

    [Fact]
    public void A_choice_is_between_different_answers() => Assert.Equal(
        ["/questions/0/choices", "/questions/1/choices", "/questions/2/choices/1", "/questions/2/choices/2"],
        Pointers(
            new() { Id = "a", Text = "1", Kind = QuestionKind.Choice },
            new() { Id = "b", Text = "2", Kind = QuestionKind.Choice, Choices = ["x"] },
            new() { Id = "c", Text = "3", Kind = QuestionKind.Choice, Choices = ["x", "x", ""] }));

    private static string[] Pointers(params Question[] questions) =>
        [.. QuestionsValidator.Validate(SpecSamples.Spec() with { Questions = questions }).Select(fault => fault.Pointer)];
}
