using Pipeline.Model.Benchmarking;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Benchmarking;

public sealed class WorkloadTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("caption", 32)]
    [InlineData("questions", 4, 4, 4, 4, 4)]
    [InlineData("mixed", 32, 4, 4, 4, 4, 4, 4, 4, 4)]
    public void A_workload_is_so_many_answers_of_so_many_tokens(string name, params int[] tokens)
    {
        Workload workload = Workload.Of(name, WorkloadTexts.Default);

        Assert.Equal(tokens, workload.Prompts.Select(prompt => prompt.Sampling.MaxTokens));
        Assert.All(workload.Prompts, prompt => Assert.True(prompt.Sampling.IgnoreEos));
    }

    [Fact]
    public void The_texts_are_those_that_the_reference_was_timed_with()
    {
        WorkloadTexts read = WorkloadTexts.Read(ReferenceData.Folder("bench", "prompts.json"));

        Assert.Equal(WorkloadTexts.Default.Caption, read.Caption);
        Assert.Equal(WorkloadTexts.Default.Questions, read.Questions);
    }

    [Theory]
    [InlineData("no JSON", "holds no texts")]
    [InlineData("""{"questions": ["Why?"]}""", "caption")]
    [InlineData("""{"caption": "What?", "questions": []}""", "no question")]
    [InlineData("""{"caption": " ", "questions": ["Why?"]}""", "empty text")]
    [InlineData("""{"caption": "What?", "questions": [null]}""", "empty text")]
    [InlineData("null", "no question")]
    public void A_file_that_holds_something_else_is_named_with_what_it_should_hold(string content, string fault)
    {
        File.WriteAllText(_file, content);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => WorkloadTexts.Read(_file));

        Assert.Contains(_file, error.Message);
        Assert.Contains(fault, error.Message);
        Assert.Contains("Give a JSON object", error.Message);
    }

    [Fact]
    public void An_unknown_workload_is_told_the_known_ones()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Workload.Of("video", WorkloadTexts.Default));

        Assert.Contains("caption, questions, mixed", error.Message);
    }

    public void Dispose() => File.Delete(_file);
}
