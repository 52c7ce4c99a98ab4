using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Pipeline.TestServers;

/// <summary>A private Prometheus that scrapes every second, in a temporary folder, gone when it is disposed.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly PortRange ports;
    private readonly DirectoryInfo folder;
    private readonly HttpClient http;

    private PrometheusServer(Process process, PortRange ports, DirectoryInfo folder) =>
        (this.process, this.ports, this.folder, http) = (process, ports, folder, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports.Start}") });

    /// <param name="targets">What to scrape: the name of the scrape job and the address.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, Uri> targets, CancellationToken cancellationToken)
    {
        var (ports, folder) = (PortRange.Reserve(), Directory.CreateTempSubdirectory("pipeline-prometheus-"));
        var config = Path.Combine(folder.FullName, "prometheus.yml");
        var jobs = targets.Select(target => $"  - job_name: {target.Key}\n    static_configs:\n      - targets: ['{target.Value.Authority}']");
        await File.WriteAllTextAsync(config, $"global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n{string.Join('\n', jobs)}\n", cancellationToken);
        var start = new ProcessStartInfo(
            "prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{ports.Start}", "--log.level=error"]);
        var server = new PrometheusServer(Process.Start(start) ?? throw new InvalidOperationException("Prometheus did not start."), ports, folder);
        await server.WaitUntilReadyAsync(cancellationToken);
        return server;
    }

    /// <summary>Series that a query has now.</summary>
    public Task<IReadOnlyList<JsonNode>> QueryAsync(string query, CancellationToken cancellationToken) =>
        ResultAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);

    /// <summary>Series that a query had at any second of the last so many.</summary>
    public Task<IReadOnlyList<JsonNode>> QueryLastAsync(string query, TimeSpan last, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return ResultAsync($"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={now - (long)last.TotalSeconds}&end={now}&step=1", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        ports.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<IReadOnlyList<JsonNode>> ResultAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        return answer?["data"]?["result"] is JsonArray result
            ? [.. result.OfType<JsonNode>()]
            : throw new InvalidOperationException($"Prometheus refuses {Uri.UnescapeDataString(path)}: {answer?["error"]}");
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/-/ready", UriKind.Relative), cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                // It does not listen yet.
            }

            await Task.Delay(s_look, cancellationToken);
        }
    }
}
