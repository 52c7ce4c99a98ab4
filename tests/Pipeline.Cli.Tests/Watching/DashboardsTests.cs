using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>What is in <c>dashboards/</c> is run on a real Prometheus that scrapes real processes: a metric that is renamed fails here.</summary>
[Collection(nameof(Watched))]
public sealed partial class DashboardsTests(WatchedSystem system)
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "dashboards");
    private static readonly string s_alerts = Path.Combine(s_folder, "alerts.yml");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Dashboards => [.. Directory.EnumerateFiles(s_folder, "*.json").Select(Path.GetFileName).OfType<string>().Order()];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Every_query_of_a_dashboard_returned_data_while_jobs_ran(string dashboard)
    {
        var queries = JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, dashboard)))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]!.AsArray())
            .Select(target => target!["expr"]!.GetValue<string>().Replace("$__rate_interval", "10s", StringComparison.Ordinal))
            .ToList();
        Assert.True(queries.Count > 8);

        var empty = new List<string>();
        foreach (var query in queries)
        {
            if (!(await system.Prometheus.QueryLastAsync(query, TimeSpan.FromMinutes(10), TimeProvider.System, Token)).Any(HasNumber))
            {
                empty.Add(query);
            }
        }

        Assert.Empty(empty);
    }

    [Fact]
    public async Task Every_metric_of_the_alerts_is_told_by_a_process_with_its_labels()
    {
        var selectors = Selector.Matches(File.ReadAllText(s_alerts)).Select(match => match.Value)
            // What nobody hopes to see: the label's name is there, and other values of it.
            .Select(selector => selector.Replace("!=\"none\"", "=\"none\"", StringComparison.Ordinal))
            .Distinct().ToList();
        Assert.True(selectors.Count > 10);

        var unknown = new List<string>();
        foreach (var selector in selectors)
        {
            if ((await system.Prometheus.QueryLastAsync(selector, TimeSpan.FromMinutes(10), TimeProvider.System, Token)).Count == 0)
            {
                unknown.Add(selector);
            }
        }

        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task The_alerts_are_rules_and_rise_on_the_trouble_they_are_for(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { WorkingDirectory = s_folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var output = await promtool.StandardOutput.ReadToEndAsync(Token) + await promtool.StandardError.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);
        Assert.True(promtool.ExitCode == 0, output);
    }

    [Fact]
    public void Every_alert_has_a_line_of_its_runbook_and_the_page_has_its_section()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "watching.md"));
        var alerts = Regex.Matches(File.ReadAllText(s_alerts), @"- alert: (\w+)").Select(match => match.Groups[1].Value).ToList();
        var runbooks = Regex.Matches(File.ReadAllText(s_alerts), @"runbook: ""docs/watching\.md#(\w+): .{20,}""").Select(match => match.Groups[1].Value).ToList();
        Assert.True(alerts.Count > 5);
        Assert.Equal(alerts.Select(alert => alert.ToLowerInvariant()), runbooks);
        Assert.All(alerts, alert => Assert.Contains($"### {alert}\n", page, StringComparison.Ordinal));
    }

    /// <summary>Prometheus writes 0 ÷ 0 as NaN, which is a line without a point.</summary>
    private static bool HasNumber(JsonNode series) => series["values"]!.AsArray().Any(value => value![1]!.GetValue<string>() is not ("NaN" or "+Inf" or "-Inf"));

    /// <summary>A metric with its labels, and no label's name.</summary>
    [GeneratedRegex("""\b(?:pipeline_(?!(?:failure|job|outcome|stage|state|table)\b)\w+|up)\b(?:\{[^}]*\})?""")]
    private static partial Regex Selector { get; }
}
