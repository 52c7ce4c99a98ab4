using System.Text.Json;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Rows;

public sealed class DatasetDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dataset.md"));

    [Fact]
    public void Every_column_is_documented()
    {
        var features = JsonDocument.Parse(HuggingFaceFeatures.Describe<ParquetImageRow>()).RootElement.GetProperty("info").GetProperty("features");
        var label = features.GetProperty("labels")[0];
        var names = new[] { features, label, label.GetProperty("choices")[0], features.GetProperty("caption_rejected")[0], features.GetProperty("zooms")[0] }.SelectMany(members => members.EnumerateObject()).Select(member => member.Name);

        Assert.All(names, name => Assert.Contains($"`{name}`", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_of_question_is_documented() => Assert.All(QuestionKinds.Names, name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));

    [Fact]
    public void Every_error_code_is_documented() =>
        Assert.All(Enum.GetValues<RowFailure>(), failure => Assert.Contains($"| `{RowFailures.CodeOf(failure)}` |", Document, StringComparison.Ordinal));
}
