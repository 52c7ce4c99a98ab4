using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Pipeline.Cli.Benchmarks;

/// <summary>One caller: asks one thing after the other, of the kinds that people and scripts ask.</summary>
/// <param name="server">Address of the API.</param>
/// <param name="key">Of the scope submit.</param>
/// <param name="seed">Decides what is asked, and when.</param>
/// <param name="pause">Mean pause between an answer and the next request.</param>
/// <param name="watched">Ids of jobs to look at.</param>
/// <param name="spec">A small job of that name.</param>
/// <param name="answered">Takes every answer.</param>
internal sealed class LoadClient(Uri server, string key, int seed, TimeSpan pause, IReadOnlyList<string> watched, Func<string, string> spec, Action<LoadAnswer> answered) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    // What is asked is to be the same in every run; nothing secret is drawn.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    private List<string> Own { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause * (2 * _random.NextDouble()), cancellationToken);
                await AskAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private Task AskAsync(CancellationToken cancellationToken)
    {
        var job = Own.Count > 0 && _random.Next(2) == 0 ? Own[_random.Next(Own.Count)] : watched[_random.Next(watched.Count)];
        return _random.Next(1_000) switch
        {
            < 350 => GetAsync("a job", $"/v1/jobs/{job}", 200, cancellationToken),
            < 550 => GetAsync("the jobs", "/v1/jobs?limit=20", 200, cancellationToken),
            < 650 => GetAsync("its shards", $"/v1/jobs/{job}/shards?limit=100", 200, cancellationToken),
            < 700 => GetAsync("its failures", $"/v1/jobs/{job}/failures", 200, cancellationToken),
            < 780 => GetAsync("the dashboard's jobs", "/hangfire/annotation-jobs", 200, cancellationToken),
            < 860 => GetAsync("the dashboard's job", $"/hangfire/annotation-jobs/{job}", 200, cancellationToken),
            < 900 => FollowAsync(job, cancellationToken),
            < 930 => GetAsync("a job that is none", "/v1/jobs/job-none", 404, cancellationToken),
            < 960 => GetAsync("what is an administrator's", "/v1/keys", 403, cancellationToken),
            < 998 => SendAsync("dry run", new(HttpMethod.Post, "/v1/jobs/dry-run") { Content = Json(spec($"{seed}-dry")) }, 200, null, cancellationToken),
            _ => SendAsync("submit", new(HttpMethod.Post, "/v1/jobs") { Content = Json(spec($"{seed}-{Own.Count}")) }, 201, body => Own.Add(body.GetProperty("id").GetString()!), cancellationToken),
        };
    }
#pragma warning restore CA5394

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private Task GetAsync(string kind, string path, int expected, CancellationToken cancellationToken) => SendAsync(kind, new(HttpMethod.Get, path), expected, null, cancellationToken);

    private async Task SendAsync(string kind, HttpRequestMessage request, int expected, Action<JsonElement>? read, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var wait = TimeSpan.Zero;
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, cancellationToken))
            {
                var status = (int)response.StatusCode;
                answered(new LoadAnswer(kind, status, status == expected || response.StatusCode is HttpStatusCode.TooManyRequests, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
                if (status == expected && read is not null)
                {
                    using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
                    read(body.RootElement);
                }

                wait = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            answered(new LoadAnswer(kind, 0, false, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }

        await Task.Delay(wait, cancellationToken);
    }

    private async Task FollowAsync(string job, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.GetAsync(new Uri($"/v1/jobs/{job}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            if (status == 200)
            {
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
                await reader.ReadLineAsync(cancellationToken);
            }

            answered(new LoadAnswer("the first event", status, status is 200 or 429, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            answered(new LoadAnswer("the first event", 0, false, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
        }
    }
}
