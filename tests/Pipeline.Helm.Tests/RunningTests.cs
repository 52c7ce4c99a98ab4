using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using k8s.Models;
using Npgsql;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Helm.Tests;

/// <summary>The programs themselves with the variables and arguments that the chart gives them, asked by the chart's probes.</summary>
public sealed partial class RunningTests(HelmChart chart)
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
            s3: { endpoint: "http://127.0.0.1:9", existingSecret: s }
            model: { pvc: { claimName: m } }
            worker: { engine: { MaxNumSeqs: 8, KvCacheMemory: 2000000000, EnablePrefixCaching: true }, settings: { DecodeThreads: 1, StorePatienceSeconds: 60 } }
            """);

        var api = Assert.Single(manifests.Api.Spec.Template.Spec.Containers);
        using (var early = Start("Pipeline.Api", api, server.Password, FreePort()))
        {
            await early.WaitForExitAsync(Token).WaitAsync(s_patience, Token);
            Assert.Equal(1, early.ExitCode);
        }

        using (var schema = Start("Pipeline.Api", Assert.Single(manifests.SchemaJob.Spec.Template.Spec.Containers), server.Password, FreePort()))
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
        using var process = Start(project, container, password, port);
        try
        {
            foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
            {
                Assert.True(await IsAnsweredAsync(process, new Uri($"http://127.0.0.1:{port}{probe.HttpGet.Path}")), $"{project}: {probe.HttpGet.Path}");
            }

            Assert.Equal(0, Signal(process.Id, Terminate));
            await process.WaitForExitAsync(Token).WaitAsync(s_patience, Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<bool> IsAnsweredAsync(Process process, Uri address)
    {
        using var client = new HttpClient();
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

    /// <summary>The container's command with its variables and no others; secrets as the cluster would put them in, and a port that is free here.</summary>
    private static Process Start(string project, V1Container container, string password, int port)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Repository.Root, "artifacts", "bin", project, configuration, $"{project}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. container.Args ?? []]);
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME") && !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var variable in container.Env)
        {
            start.Environment[variable.Name] = variable.ValueFrom is null ? variable.Value : password;
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
