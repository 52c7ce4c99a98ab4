using System.Text.Json;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Statistics;
using Pipeline.Jobs.Tests.Rows;

namespace Pipeline.Jobs.Tests.Statistics;

public sealed class StatisticsBuilderTests
{
    [Fact]
    public void Rows_are_counted_by_what_they_hold()
    {
        var statistics = Count(
            RowSamples.Annotated("a", "four"), RowSamples.Annotated("b", "eight ch") with { Width = 1_000, Format = "png" },
            RowSamples.Failed("c", RowFailure.EmptyFile), RowSamples.Failed("d", RowFailure.EmptyFile), RowSamples.Failed("e", RowFailure.NotAnImage));

        Assert.Equal(5, statistics.Rows);
        Assert.Equal([("empty_file", 2), ("not_an_image", 1)], statistics.Failures.Select(one => (one.Key, one.Value)));
        Assert.Equal([("near", 2)], statistics.Duplicates.Select(one => (one.Key, one.Value)));
        Assert.Equal([("jpeg", 1), ("png", 1)], statistics.Formats.Select(one => (one.Key, one.Value)));
        Assert.Equal(new NumberSummary(2, 1_640, 640, 1_000), statistics.Width);
        Assert.Equal(new NumberSummary(2, 12, 4, 8), statistics.CaptionCharacters);
        Assert.Equal(6, statistics.CaptionCharacters.Mean());
        Assert.Equal([("refusal", 2)], statistics.CaptionDefects.Select(one => (one.Key, one.Value)));
        Assert.Equal(["indoor", "what", "pets", "count"], statistics.Labels.Select(label => label.QuestionId));
        Assert.Equal([("no", 2)], statistics.Labels[0].Answers.Select(one => (one.Key, one.Value)));
        Assert.Equal(new NumberSummary(2, 1.5, 0.75, 0.75), statistics.Labels[0].Confidence);
        Assert.Empty(statistics.Labels[1].Answers);
        Assert.Equal([("cat", 2), ("dog", 2)], statistics.Labels[2].Answers.Select(one => (one.Key, one.Value)));
        Assert.Equal(new NumberSummary(2, -25, -12.5, -12.5), statistics.Labels[3].Values);
    }

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        AnnotationRow[] rows =
        [
            .. Enumerable.Range(0, 20).Select(i => RowSamples.Annotated($"{i}", new string('x', i)) with { Height = i % 3 == 0 ? null : 100 * i }),
            .. Enum.GetValues<RowFailure>().Select(failure => RowSamples.Failed($"{failure}", failure)),
        ];
        var sum = new StatisticsBuilder();
        foreach (var part in rows.Chunk(7))
        {
            sum.Add(Count(part));
        }

        Assert.Equal(JsonSerializer.Serialize(Count(rows)), JsonSerializer.Serialize(sum.Build()));
    }

    [Fact]
    public void Nothing_counted_is_all_zeros()
    {
        var nothing = new StatisticsBuilder().Build();

        Assert.Equal((0, 0.0), (nothing.Rows, nothing.Width.Mean()));
        Assert.Empty(nothing.Labels);
    }

    private static DatasetStatistics Count(params AnnotationRow[] rows)
    {
        var statistics = new StatisticsBuilder();
        foreach (var row in rows)
        {
            statistics.Add(row);
        }

        return statistics.Build();
    }
}
