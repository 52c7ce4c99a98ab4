using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Access;

/// <summary>Refuses to listen beyond this machine while nobody is asked who he is.</summary>
internal sealed class ListeningGuard(IConfiguration configuration, IServer server, AccessMode mode) : IHostedLifecycleService
{
    /// <summary>Before anything listens: what the settings say.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ports = urls.Length > 0 ? [] : $"{configuration["http_ports"]};{configuration["https_ports"]}".Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ThrowIfOpen(
        [
            .. urls,
            .. ports.Select(port => $"http://*:{port}"),
            .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>(),
        ]);
        return Task.CompletedTask;
    }

    /// <summary>Where code or a file said otherwise: what is listened on.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ThrowIfOpen([.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []]);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void ThrowIfOpen(IReadOnlyList<string> addresses)
    {
        if (!mode.IsRequired && ListenAddresses.FirstOpen(addresses) is { } open)
        {
            throw new StorageException(
                $"\"{open}\" can be reached from other machines, and nobody would be asked who he is: set PIPELINE_AUTH__ADMINKEY (from \"openssl rand -hex 32\") or "
                + "PIPELINE_AUTH__AUTHORITY and PIPELINE_AUTH__AUDIENCE, or listen on 127.0.0.1.");
        }
    }
}
