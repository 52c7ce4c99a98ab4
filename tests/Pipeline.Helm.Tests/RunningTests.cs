using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using k8s.Models;
using Npgsql;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Helm.Tests;

/// <summary>The programs themselves with the variables and arguments that the chart gives them, asked by the chart's probes.</summary>
public sealed class RunningTests(HelmChart chart)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_job_makes_the_tables_and_api_and_worker_start_answer_their_probes_and_end()
    {
        await using var server = await PostgresServer.StartAsync(Token);
        var database = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(Token)).Database;
        var manifests = chart.Render($$"""
            database: { host: 127.0.0.1, port: {{server.Port}}, name: {{database}}, username: pipeline, sslMode: disable, existingSecret: s }
            auth: { existingSecret: s }
            s3: { endpoint: "http://127.0.0.1:9", existingSecret: s }
            model: { pvc: { claimName: m } }
            worker: { engine: { MaxNumSeqs: 8, KvCacheMemory: 2000000000, EnablePrefixCaching: true }, settings: { DecodeThreads: 1, StorePatienceSeconds: 60 } }
            """);

        var api = Assert.Single(manifests.Api.Spec.Template.Spec.Containers);
        using (var early = ChartProgram.Start("Pipeline.Api", api, server.Password, FreePort()))
        {
            await early.WaitForExitAsync(Token).WaitAsync(s_patience, Token);
            Assert.Equal(1, early.ExitCode);
        }

        using (var schema = ChartProgram.Start("Pipeline.Api", Assert.Single(manifests.SchemaJob.Spec.Template.Spec.Containers), server.Password, FreePort()))
        {
            await schema.WaitForExitAsync(Token).WaitAsync(s_patience, Token);
            Assert.Equal(0, schema.ExitCode);
        }

        await StartAskAndEndAsync("Pipeline.Api", api, server.Password);
        await StartAskAndEndAsync("Pipeline.Worker", Assert.Single(manifests.Worker.Spec.Template.Spec.Containers), server.Password);
    }

    private static async Task StartAskAndEndAsync(string project, V1Container container, string password)
    {
        var port = FreePort();
        using var process = ChartProgram.Start(project, container, password, port);
        try
        {
            // As the kubelet and Prometheus ask: only metrics want the token, which probes don't have and don't need.
            var probes = new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe };
            foreach (var path in probes.Select(probe => probe.HttpGet.Path).Append("/metrics"))
            {
                Assert.True(await IsAnsweredAsync(process, new Uri($"http://127.0.0.1:{port}{path}"), showsToken: path == "/metrics"), $"{project}: {path}");
            }

            ChartProgram.AskToEnd(process);
            await process.WaitForExitAsync(Token).WaitAsync(s_patience, Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<bool> IsAnsweredAsync(Process process, Uri address, bool showsToken)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = showsToken ? new AuthenticationHeaderValue("Bearer", ChartProgram.AuthSecret) : null } };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(s_patience);
        while (!process.HasExited)
        {
            try
            {
                using var response = await client.GetAsync(address, patience.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
