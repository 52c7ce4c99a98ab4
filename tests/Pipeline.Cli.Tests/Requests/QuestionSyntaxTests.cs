using Pipeline.Cli.Requests;

namespace Pipeline.Cli.Tests.Requests;

public sealed class QuestionSyntaxTests
{
    [Theory]
    [InlineData("What is it?", """{"id":"q1","text":"What is it?","kind":"open"}""")]
    [InlineData("Is it red? [yes-no]", """{"id":"q1","text":"Is it red?","kind":"yes-no"}""")]
    [InlineData("Which? [red | dark green|blue] ", """{"id":"q1","text":"Which?","kind":"choice","choices":["red","dark green","blue"]}""")]
    [InlineData("Which? [red|]", """{"id":"q1","text":"Which?","kind":"choice","choices":["red",""]}""")]
    [InlineData("What is in [brackets]?", """{"id":"q1","text":"What is in [brackets]?","kind":"open"}""")]
    [InlineData("What does it say [in full]", """{"id":"q1","text":"What does it say [in full]","kind":"open"}""")]
    [InlineData("[yes-no]", """{"id":"q1","text":"[yes-no]","kind":"open"}""")]
    [InlineData("Which? [multi-choice: red | green|blue]", """{"id":"q1","text":"Which?","kind":"multi-choice","choices":["red","green","blue"]}""")]
    [InlineData("Which? [multi-choice: red]", """{"id":"q1","text":"Which?","kind":"multi-choice","choices":["red"]}""")]
    [InlineData("Which? [multi-choice]", """{"id":"q1","text":"Which? [multi-choice]","kind":"open"}""")]
    [InlineData("How many? [number] ", """{"id":"q1","text":"How many?","kind":"number"}""")]
    [InlineData("Plate? [regex: [A-Z]{2}-[0-9] | x]", """{"id":"q1","text":"Plate?","kind":"regex","pattern":"[A-Z]{2}-[0-9] | x"}""")]
    [InlineData("Plate [1]? [regex:a|b]", """{"id":"q1","text":"Plate [1]?","kind":"regex","pattern":"a|b"}""")]
    [InlineData("Plate? [regex:]", """{"id":"q1","text":"Plate?","kind":"regex","pattern":""}""")]
    public void A_question_is_of_the_kind_that_its_end_says(string text, string json) =>
        Assert.Equal(json, QuestionSyntax.Parse("q1", text).ToJsonString());
}
