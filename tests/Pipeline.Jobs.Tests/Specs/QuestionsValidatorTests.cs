using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class QuestionsValidatorTests
{
    [Fact]
    public void Good_questions_pass() => Assert.Empty(Pointers(
        new() { Id = "a.B_c-1", Text = "What?" },
        new() { Id = new string('x', 64), Text = "Is it?", Kind = QuestionKind.YesNo },
        new() { Id = "c", Text = "Which?", Kind = QuestionKind.Choice, Choices = ["red", "Red"] },
        new() { Id = "d", Text = "Which ones?", Kind = QuestionKind.MultiChoice, Choices = ["red", "blue"] },
        new() { Id = "e", Text = "How many?", Kind = QuestionKind.Number },
        new() { Id = "f", Text = "Which plate?", Kind = QuestionKind.Regex, Pattern = "[A-Z]{2}-[0-9]+", MaxTokens = 4_096 },
        new() { Id = "g", Text = "What?", MaxTokens = 1 }));

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

    [Fact]
    public void Choices_of_multi_choice_are_told_apart_in_the_answer() => Assert.Equal(
        ["/questions/0/choices", "/questions/1/choices/0", "/questions/1/choices/2"],
        Pointers(
            new() { Id = "a", Text = "1", Kind = QuestionKind.MultiChoice, Choices = ["x"] },
            new() { Id = "b", Text = "2", Kind = QuestionKind.MultiChoice, Choices = ["x; y", "z", "z"] }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[a-")]
    [InlineData("(?=a)b")]
    [InlineData("(|)")]
    [InlineData("a{129}")]
    public void A_pattern_is_one_that_an_answer_can_match(string? pattern) => Assert.Equal(
        ["/questions/0/pattern"], Pointers(new Question { Id = "a", Text = "1", Kind = QuestionKind.Regex, Pattern = pattern }));

    [Fact]
    public void A_pattern_has_room_in_the_tokens_of_its_own_question() => Assert.Equal(
        ["/questions/0/pattern"],
        Pointers(
            new() { Id = "a", Text = "1", Kind = QuestionKind.Regex, Pattern = "a{10}", MaxTokens = 9 },
            new() { Id = "b", Text = "2", Kind = QuestionKind.Regex, Pattern = "a{200}", MaxTokens = 201 }));

    [Fact]
    public void Patterns_and_lengths_belong_to_kinds_that_have_them() => Assert.Equal(
        ["/questions/0/max_tokens", "/questions/1/max_tokens", "/questions/2/max_tokens", "/questions/2/pattern", "/questions/3/max_tokens"],
        Pointers(
            new() { Id = "a", Text = "1", Kind = QuestionKind.YesNo, MaxTokens = 128 },
            new() { Id = "b", Text = "2", Kind = QuestionKind.Number, MaxTokens = 128 },
            new() { Id = "c", Text = "3", MaxTokens = 4_097, Pattern = "a" },
            new() { Id = "d", Text = "4", Kind = QuestionKind.Regex, Pattern = "a", MaxTokens = 0 }));

    private static string[] Pointers(params Question[] questions) =>
        [.. QuestionsValidator.Validate(SpecSamples.Spec() with { Questions = questions }).Select(fault => fault.Pointer)];
}
