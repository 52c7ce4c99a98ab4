using Pipeline.Cli.Commands;
using Pipeline.Cli.Requests;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.Requests;

public sealed class QuestionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("""[{"id":"a"},{"id":"b"}]""")]
    [InlineData("\n  [{\"id\":\"a\"},\n{\"id\":\"b\"}]\n")]
    [InlineData("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\r\n")]
    public void A_list_and_lines_are_the_same(string text) =>
        Assert.Equal(["a", "b"], Read(text).Select(question => question["id"]!.GetValue<string>()));

    [Fact]
    public void Every_line_that_is_no_json_is_named()
    {
        var error = Assert.Throws<CommandException>(() => Read("{\"id\":\"a\"}\nnonsense\n{\n"));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(2, error.Lines.Count);
        Assert.Contains("line 2", error.Lines[0]);
        Assert.Contains("line 3", error.Lines[1]);
    }

    [Theory]
    [InlineData("[1, 2")]
    [InlineData("[null]")]
    public void A_list_that_is_none_is_refused(string text) => Assert.Throws<CommandException>(() => Read(text));

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<System.Text.Json.Nodes.JsonNode> Read(string text)
    {
        File.WriteAllText(_folder["questions"], text);
        return QuestionFile.Read(_folder["questions"]);
    }
}
