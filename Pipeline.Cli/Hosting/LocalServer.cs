using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Api.Hosting;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Telemetry;
using Pipeline.Worker.Hosting;

namespace Pipeline.Cli.Hosting;

/// <summary>API, dashboard and worker in this process. Disposing stops it; shards under way are handed back.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app) => _app = app;

    /// <summary>Of a server that is this process's own: it asks nobody who he is, and serves only this machine.</summary>
    public static IReadOnlyDictionary<string, string?> ForThisProcess { get; } = new Dictionary<string, string?> { ["Auth:Required"] = "false", ["Auth:AdminKey"] = "", ["Auth:Authority"] = "" };

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens; the first of them is the one to talk to.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(url => new Uri(url))];

    /// <param name="urls">Where to listen; port 0 is any free one.</param>
    /// <param name="verbose">Log everything, not only warnings.</param>
    /// <param name="settings">Win over the environment.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <exception cref="CommandException">It can't listen there.</exception>
    public static async Task<LocalServer> StartAsync(
        string urls, bool verbose, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        // Settings come from the environment alone: a file that happens to lie in the current folder has no say.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddInMemoryCollection(settings);
        AddLogging(builder.Logging, verbose);
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(urls);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        // Jobs of strangers use no local folder that nobody allowed. Said as a setting, which workers for other devices take over.
        var isExposed = !ListenAddresses.AreOfThisMachine(urls, builder.Configuration);
        if (isExposed)
        {
            AllowedPlaces.AllowNoneUnlessSaid(builder.Configuration);
        }

        builder.Services.AddSingleton(AllowedPlaces.From(builder.Configuration, isExposed));
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineApi(builder.Configuration);
        builder.Services.AddPipelineTelemetry(builder.Configuration, "pipeline");
        builder.Services.AddPipelineWorker(builder.Configuration);

        var app = builder.Build();
        app.MapPipelineApi();
        try
        {
            await app.StartAsync(cancellationToken);
            return new LocalServer(app);
        }
        catch (IOException e) when (e.GetBaseException() is SocketException)
        {
            await app.DisposeAsync();
            throw CommandException.Failure($"'{urls}' can't be listened on ({e.GetBaseException().Message}): choose another address or port.", e);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first free port of this machine from <paramref name="first"/> on, as a URL.</summary>
    public static string FreeUrl(int first)
    {
        for (var port = first; port < first + 100; port++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (SocketException)
            {
                // Somebody has it; the next one may be free.
            }
        }

        return AnyUrl;
    }

    public const string AnyUrl = "http://127.0.0.1:0";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void AddLogging(ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
        // A line for every request that follows a job would bury the rest.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    }

    /// <summary>Ctrl-C and SIGTERM belong to the command, which stops the server itself once it knows what it was doing.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
