using Microsoft.Extensions.Hosting;

namespace Pipeline.Worker.Devices;

/// <summary>Ends a worker of a <see cref="DeviceFleet"/> when the process that started it is gone, however it went: its end of the pipe closes.</summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>Setting that such a worker is started with.</summary>
    public const string Key = "parent";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var input = Console.OpenStandardInput();
        // On a thread of its own: reading a pipe of the console heeds no token.
        await Task.Factory.StartNew(() => input.ReadByte(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(stoppingToken);
        lifetime.StopApplication();
    }
}
