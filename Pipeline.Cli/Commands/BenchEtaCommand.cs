using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Benchmarks;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Cli.Models;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench eta FOLDER</c>.</summary>
internal static class BenchEtaCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Local folder for images and datasets. They are left there." };
        var traces = new Option<string>("--traces") { Description = "Folder that takes a file a run; runs whose file is there are left out.", HelpName = "DIR", Required = true };
        var runs = new Option<int>("--runs") { Description = "Runs of each kind.", DefaultValueFactory = _ => 3 };
        var paced = new Option<bool>("--paced") { Description = "Hold each worker to an image a second: its speed is then what is done to it, whatever else the machine does." };
        var kinds = new Option<string[]>("--kinds") { Description = "Kinds of runs.", DefaultValueFactory = _ => [.. EtaPlan.Kinds], AllowMultipleArgumentsPerToken = true };
        var command = new Command("eta", "Record what the API shows of real jobs whose speed changes, on the PostgreSQL that PIPELINE_… names. Takes two minutes a run.")
        {
            folder, traces, runs, paced, kinds,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetRequiredValue(traces), Plans(parsed.GetRequiredValue(kinds), parsed.GetValue(runs), parsed.GetValue(paced)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string folder, string traces, IReadOnlyList<EtaPlan> plans, CancellationToken cancellationToken)
    {
        if (new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build()["Storage"] is not "postgres")
        {
            throw CommandException.Usage("PIPELINE_STORAGE: API and workers are processes of their own, which need PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE.");
        }

        var server = new Uri($"http://127.0.0.1:{FreePort()}");
        using var process = await BenchProcess.StartAsync(new Dictionary<string, string>(), ["bench", BenchPartCommands.Api, "--url", server.ToString()], cancellationToken);
        using var api = new ApiClient(server);
        await new EtaRecorder(folder, Path.GetDirectoryName(DefaultModel.Find())!, api, terminal.Line).RecordAsync(plans, traces, cancellationToken);
        await process.EndAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static List<EtaPlan> Plans(string[] kinds, int runs, bool isPaced) =>
        [.. Enumerable.Range(1, runs).SelectMany(number => kinds.Select(kind => EtaPlan.Draw(kind, number, isPaced)))];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
