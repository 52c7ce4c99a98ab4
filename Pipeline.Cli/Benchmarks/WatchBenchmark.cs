using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Pipeline.Api.Hosting;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Times pages and API of an API process with many jobs in its storage, and counts the statements that viewers cost.</summary>
internal sealed class WatchBenchmark(string connectionString, int jobs, int shards, TimeSpan each, Action<string> log)
{
    private const int Requests = 21;
    private const string List = "/hangfire/annotation-jobs", Job = "/v1/jobs/job-r000000", JobPage = $"{List}/job-r000000";

    /// <summary>What the pages' script and Hangfire's own do.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5), s_menu = TimeSpan.FromSeconds(60);

    private readonly BenchDatabase _database = new(connectionString);

    public async Task<IReadOnlyList<TitledTable>> RunAsync(CancellationToken cancellationToken)
    {
        log($"filling the database with {jobs:N0} jobs and {shards:N0} shards");
        await new WatchStorage(connectionString, jobs, shards).FillAsync(cancellationToken);
        await using var app = await StartAsync(cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        log("first view after the start");
        var first = await TimeAsync(client, List, cancellationToken);
        var times = new List<IReadOnlyList<string>> { new[] { "the list, first view after the start", Milliseconds(first), Milliseconds(first) } };
        foreach (var (name, path) in ((string, string)[])
        [
            ("the list", List), ("the list, searched", $"{List}?search=d0042"), ("the list, by images, page 300", $"{List}?sort=images&page=300"), ("a job under way", JobPage),
            ("a complete job", $"{List}/job-d000042"), ("GET /v1/jobs?limit=100", "/v1/jobs?limit=100"), ("GET /v1/jobs/ID", Job),
            ("GET /v1/jobs/ID/shards?limit=1000", $"{Job}/shards?limit=1000"), ("GET /v1/jobs/ID/deliveries", $"{Job}/deliveries"),
        ])
        {
            var taken = new List<double>();
            for (var i = 0; i < Requests; i++)
            {
                taken.Add(await TimeAsync(client, path, cancellationToken));
            }

            taken.Sort();
            times.Add([name, Milliseconds(taken[Requests / 2]), Milliseconds(taken[^1])]);
            log($"{name}: {Milliseconds(taken[Requests / 2])} ms");
        }

        var idle = await CountAsync(_ => [], cancellationToken);
        var costs = new List<IReadOnlyList<string>> { new[] { "nobody", "0", Rate(idle), "" } };
        foreach (var (name, viewers, watch) in ((string, int, Func<CancellationToken, Task>)[])
        [
            ("the list", 1, stop => WatchAsync(client, List, stop)), ("the list", 10, stop => WatchAsync(client, List, stop)), ("one job's page", 1, stop => WatchAsync(client, JobPage, stop)),
            ("one job's page", 10, stop => WatchAsync(client, JobPage, stop)), ("GET /v1/jobs/ID/events", 1, stop => FollowAsync(client, stop)),
        ])
        {
            var rate = await CountAsync(stop => [.. Enumerable.Range(0, viewers).Select(_ => watch(stop))], cancellationToken);
            costs.Add([name, viewers.ToString(CultureInfo.InvariantCulture), Rate(rate), Rate((rate - idle) / viewers)]);
            log($"{viewers} at {name}: {Rate((rate - idle) / viewers)} statements a second a viewer");
        }

        return
        [
            new TitledTable("Times", ["what", "median, ms", "longest, ms"], times),
            new TitledTable("What viewers cost the database", ["looking at", "viewers", "statements a second in all", "a second a viewer, without what is there anyway"], costs),
        ];
    }

    public static string Page(IReadOnlyList<TitledTable> tables, int jobs, int shards, TimeSpan each)
    {
        var page = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # What watching costs

            An API process and PostgreSQL on one machine with {Environment.ProcessorCount} cores, {jobs:N0} jobs (10 under way) and {shards:N0} shards in storage. Times are of {Requests} requests one after the other. Viewers are counted for
            {each.TotalSeconds:0} s by `pg_stat_statements`: each looks every five seconds, as the pages' script does, and loads the whole page with Hangfire's menu at first and every minute, which is more than Hangfire's own script asks for. What the
            process does by itself (Hangfire's server, webhooks, gauges) is taken off; it varies by about one statement a second, so one viewer's figure is no better than that, and those of ten are. Pages are read from the
            storage at most every two seconds, however many look: medians are of what was read a moment ago, the longest of what was not. Made by `./pipeline bench watch`.

            """));
        foreach (var table in tables)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {table.Title}\n\n| {string.Join(" | ", table.Columns)} |\n|{string.Concat(table.Columns.Select(_ => "---|"))}\n");
            page.AppendJoin("", table.Rows.Select(row => $"| {string.Join(" | ", row)} |\n"));
        }

        return page.ToString();
    }

    private async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = connectionString });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPipelineStorage(builder.Configuration, StorageTimings.SeldomPoll);
        builder.Services.AddPipelineApi(builder.Configuration);
        var app = builder.Build();
        app.MapPipelineApi();
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task<double> TimeAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Statements a second while they watch.</summary>
    private async Task<double> CountAsync(Func<CancellationToken, IReadOnlyList<Task>> begin, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var viewers = begin(stop.Token);
        var before = await StatementsAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(each, cancellationToken);
        var after = await StatementsAsync(cancellationToken);
        var rate = (after - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        foreach (var viewer in viewers)
        {
            // One that failed saw nothing, and cost too little.
            await viewer.ContinueWith(ended => ended.Exception is { } trouble ? throw trouble : 0, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return rate;
    }

    private async Task<long> StatementsAsync(CancellationToken cancellationToken) =>
        (await _database.ReadAsync(cancellationToken)).Statements ?? throw new InvalidOperationException("The database server does not load pg_stat_statements: set shared_preload_libraries.");

    private static Task WatchAsync(HttpClient client, string path, CancellationToken cancellationToken) => Task.WhenAll(
        EveryAsync(s_menu, () => TimeAsync(client, path, cancellationToken), cancellationToken),
        EveryAsync(
            s_look,
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Requested-With", "fetch" } } };
                using var answer = await client.SendAsync(request, cancellationToken);
                answer.EnsureSuccessStatusCode();
            },
            cancellationToken));

    private static async Task FollowAsync(HttpClient client, CancellationToken cancellationToken)
    {
        await using var events = await client.GetStreamAsync(new Uri($"{Job}/events", UriKind.Relative), cancellationToken);
        await events.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task EveryAsync(TimeSpan pause, Func<Task> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            await look();
            await Task.Delay(pause, cancellationToken);
        }
    }

    private static string Milliseconds(double value) => value.ToString(value < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    private static string Rate(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
