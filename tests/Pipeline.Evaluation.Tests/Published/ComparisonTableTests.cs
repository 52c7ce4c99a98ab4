using System.Text.Json;
using System.Xml.Linq;
using Pipeline.Evaluation.Protocols;
using Pipeline.Evaluation.Published;
using Pipeline.Evaluation.Scoring;

namespace Pipeline.Evaluation.Tests.Published;

public sealed class ComparisonTableTests
{
    private static readonly ComparisonTable s_table = ComparisonTable.Of(
        [("mine & yours", Report("pope", "strict", "yes")), ("mine & yours", Report("ai2d", "vlmevalkit", "B"))]);

    [Fact]
    public void Published_figures_stand_under_their_benchmarks()
    {
        Assert.Equal(["ai2d", "pope"], s_table.Columns);
        Assert.Equal("mine & yours (POPE strict, AI2D vlmevalkit)", s_table.Rows[0].Model);
        Assert.Equal([0.0, 100.0], s_table.Rows[0].Figures.Select(figure => figure!.Value));
        Assert.Equal([63.6, 91.2], s_table.Rows.Single(row => row.Model == "Dragonfly-8B").Figures.Select(figure => figure!.Value));
        Assert.Equal([52.3, null], s_table.Rows.Single(row => row.Model == "Qwen-VL-chat").Figures);
        Assert.Equal([null, 85.5], s_table.Rows.Single(row => row.Model == "VILA (7B)").Figures);
        Assert.DoesNotContain(s_table.Rows, row => row.Model == "Med-Gemini");
    }

    [Fact]
    public void It_is_read_back_from_json() =>
        Assert.Equal(63.6, JsonDocument.Parse(s_table.ToJson()).RootElement.GetProperty("rows")[1].GetProperty("figures")[0].GetDouble());

    [Fact]
    public void Text_and_markdown_show_every_row()
    {
        Assert.Equal(s_table.Rows.Count + 1, s_table.ToText().TrimEnd().Split('\n').Length);
        Assert.Contains("| Qwen-VL-chat | 52.3 | – |", s_table.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_has_a_bar_a_figure()
    {
        XDocument svg = XDocument.Parse(ComparisonChart.Svg(s_table));
        Assert.Equal(s_table.Rows.Sum(row => row.Figures.Count(figure => figure is not null)), svg.Descendants().Count(element => element.Name.LocalName == "rect"));
    }

    [Fact]
    public void Models_stand_beside_each_other_also_where_nobody_published()
    {
        ComparisonTable table = ComparisonTable.Of([("one", Report("labels", "strict", "yes")), ("other", Report("labels", "strict", "no")), ("other", Report("pope", "strict", "yes"))]);
        Assert.Equal(["pope", "labels"], table.Columns);
        Assert.Equal(["one (strict)", "other (strict)"], table.Rows.Where(row => !row.IsPublished).Select(row => row.Model));
        Assert.Equal([null, 100.0], table.Rows[0].Figures);
        Assert.Equal([100.0, 0.0], table.Rows[1].Figures);
    }

    [Fact]
    public void What_has_no_figure_yet_is_left_out() => Assert.Empty(ComparisonTable.Of([("mine", Report("mm-vet", "mm-vet", "yes"))]).Columns);

    private static ScoreReport Report(string name, string protocolName, string answer)
    {
        Benchmark benchmark = Benchmark.Find(name)!;
        Protocol protocol = benchmark.FindProtocol(protocolName)!;
        EvaluationItem item = benchmark.Kind is BenchmarkKind.Choice ? Judging.Item("A", "dog", "cat") : Judging.Item("yes");
        return ScoreReport.Of(benchmark, protocol, RowScorer.Score(benchmark, protocol, [(item, answer)]));
    }
}
