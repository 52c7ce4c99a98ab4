using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Api.Tests.Webhooks;

/// <summary>The API as a process of its own, killed between a job's change and its webhook.</summary>
public sealed partial class WebhookCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_changed_before_a_kill_is_delivered_after_it_with_the_same_ids()
    {
        await using var postgres = await PostgresServer.StartAsync(Token);
        var database = await postgres.CreateDatabaseAsync(Token);
        await using var receiver = await WebhookReceiver.StartAsync(Token);
        await using var place = await ApiHost.StartAsync();
        receiver.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        string inFlight, noticed;
        using (var doomed = await StartAsync(database))
        {
            await PostAsync(doomed.Client, "/v1/webhooks", $$"""{ "url": "{{receiver.Address}}" }""");
            inFlight = await PostAsync(doomed.Client, "/v1/jobs", place.Spec("first"));
            await receiver.NextAsync(Token);
            noticed = await PostAsync(doomed.Client, "/v1/jobs", place.Spec("second"));
            doomed.Process.Kill();
            await doomed.Process.WaitForExitAsync(Token);
        }

        receiver.Answer = (_, context) => WebhookReceiver.Status(context, 204);
        var before = receiver.Received;
        using var heir = await StartAsync(database);
        while (!receiver.Received.Skip(before.Count).Select(JobOf).ToHashSet().IsSupersetOf([inFlight, noticed]))
        {
            await receiver.NextAsync(Token);
        }

        Assert.Equal(before[0].Id, receiver.Received.Skip(before.Count).First(hook => JobOf(hook) == inFlight).Id);
        Assert.Equal(2, receiver.Received.Select(hook => hook.Id).Distinct().Count());
    }

    private static string? JobOf(ReceivedWebhook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("data").GetProperty("job_id").GetString();

    private static async Task<string> PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"), Token);
        return (await ApiHost.JsonAsync(response, HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    private static async Task<ApiProcess> StartAsync(string database)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pipeline.Api.dll"), "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        start.Environment["PIPELINE_STORAGE"] = "postgres";
        start.Environment["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = database;
        start.Environment["PIPELINE_WEBHOOKS__ALLOWEDHOSTS__0"] = "127.0.0.1";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                // What it writes later would fill the pipe and stop it.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new ApiProcess(process, new HttpClient { BaseAddress = new Uri(match.Value) });
            }
        }

        throw new InvalidOperationException("The API ended before it listened.");
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Listening();

    private sealed record ApiProcess(Process Process, HttpClient Client) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Process.Kill();
            Process.Dispose();
        }
    }
}
