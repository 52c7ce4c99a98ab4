using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Devices;

/// <summary>One worker process a device: this process has the first, and for each other that <c>Engine:Device</c> names one is started, and started again if it dies.</summary>
/// <remarks>They share the job database as workers of several machines do, so that without one there is no fleet.</remarks>
internal sealed class DeviceFleet(IConfiguration configuration, IOptions<EngineOptions> engine, TimeProvider time, ILogger<DeviceFleet> logger) : BackgroundService
{
    public const string Visible = "CUDA_VISIBLE_DEVICES";

    /// <summary>Before a process that died is started again.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <summary>Longest that one may take to hand its shards back.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<int, Process> _running = [];

    /// <summary>Devices beside this process's own.</summary>
    public int Count { get; private set; }

    /// <summary>Ids of the processes that run; fewer than <see cref="Count"/> while one is started again.</summary>
    public IReadOnlyCollection<int> ProcessIds => [.. _running.Keys];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var devices = ComputeDevices.Resolve(engine.Value.Device);
        if (engine.Value.Device == ComputeDevices.Auto && ComputeDevices.UnusedCard() is { } idle)
        {
            Log.CardStaysIdle(logger, idle);
        }

        if (devices.Count > 1 && configuration["Storage"] is not "postgres")
        {
            Log.OneDeviceOnly(logger, devices[0], string.Join(", ", devices.Skip(1)));
            devices = [devices[0]];
        }

        Count = devices.Count - 1;
        Plans = DevicePlan.Of(devices, Environment.GetEnvironmentVariable(Visible), configuration["urls"]);
        return base.StartAsync(cancellationToken);
    }

    private IReadOnlyList<DevicePlan> Plans { get; set; } = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Plans.Select(plan => KeepAsync(plan, stoppingToken)));

    /// <summary>Ends by cancellation, as a host that stops expects of its services.</summary>
    private async Task KeepAsync(DevicePlan plan, CancellationToken stoppingToken)
    {
        while (true)
        {
            await RunAsync(plan, stoppingToken);
            await Task.Delay(s_pause, time, stoppingToken);
        }
    }

    private async Task RunAsync(DevicePlan plan, CancellationToken stoppingToken)
    {
        using var process = Process.Start(DeviceProcess.StartInfo(plan, configuration))!;
        _running[process.Id] = process;
        Log.DeviceStarted(logger, plan.Device, process.Id, plan.Urls);
        try
        {
            await process.WaitForExitAsync(stoppingToken);
            Log.DeviceDied(logger, plan.Device, process.Id, ExitCause.Of(process.ExitCode));
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            throw;
        }
        finally
        {
            _running.TryRemove(process.Id, out _);
        }
    }

    /// <summary>Its input ends: it hands its shards back.</summary>
    private async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_patience, time);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
    }
}
