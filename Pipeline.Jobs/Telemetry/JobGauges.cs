using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Telemetry;

/// <summary>Publishes how far active jobs got, as the job storage has it: also what no worker is there to tell.</summary>
/// <remarks>Reads one record an active job every <see cref="s_interval"/>, however often it is scraped. Several processes publish the same, so queries take the maximum.</remarks>
internal sealed class JobGauges : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly JobStore _jobs;
    private readonly TimeProvider _time;
    private readonly ILogger<JobGauges> _logger;
    private volatile IReadOnlyList<JobView> _active = [];

    public JobGauges(JobStore jobs, IMeterFactory meters, TimeProvider time, ILogger<JobGauges> logger)
    {
        (_jobs, _time, _logger) = (jobs, time, logger);
        var meter = meters.Create(TelemetryNames.Jobs);
        meter.CreateObservableGauge("pipeline.jobs.active", CountStates, "{job}", "Jobs that have not ended, by state.");
        meter.CreateObservableGauge("pipeline.jobs.backlog", () => _active.Where(IsWorkedOn).Sum(Left), "{image}", "Images to be done yet, of all jobs that may be worked on.");
        meter.CreateObservableGauge("pipeline.job.images.planned", () => Each(job => job.Images.Total), "{image}", "Images in the job's plan.");
        meter.CreateObservableGauge("pipeline.job.images.done", () => Each(job => job.Images.Done), "{image}", "Images with a row, failures included.");
        meter.CreateObservableGauge("pipeline.job.images.failed", () => Each(job => job.Images.Failed), "{image}", "Images whose row is a failure.");
        meter.CreateObservableGauge("pipeline.job.images.rate", () => Each(job => job.ImagesPerSecond), unit: null, "Images a second over the last minute.");
        meter.CreateObservableGauge("pipeline.job.eta", () => Each(job => job.EtaSeconds), "s", "Time until the last image at the present speed.");
        meter.CreateObservableGauge("pipeline.job.age", () => Each(job => (_time.GetUtcNow() - job.CreatedAt).TotalSeconds), "s", "Time since the job was submitted.");
        meter.CreateObservableGauge("pipeline.job.shards.running", () => Each(job => job.Shards.Running), "{shard}", "Shards that somebody works on.");
        meter.CreateObservableGauge("pipeline.job.shards.committed", () => Each(job => job.Shards.Committed), "{shard}", "Shards in the dataset.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Hangfire's storage interface is synchronous, and a host waits for its services to yield.
        await Task.Yield();
        using var timer = new PeriodicTimer(s_interval, _time);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal void Look()
    {
        try
        {
            _active = [.. _jobs.ActiveIds().Select(_jobs.Find).OfType<JobRecord>().Where(job => !job.IsTerminal).Select(JobView.Of)];
        }
        catch (Exception e)
        {
            // Numbers that nobody can vouch for are not shown; the next look tries again.
            _active = [];
            Log.LookFailed(_logger, e);
        }
    }

    private IEnumerable<Measurement<long>> CountStates() => _active
        .CountBy(job => job.State)
        .Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>(TelemetryNames.State, JobJson.NameOf(count.Key))));

    private IEnumerable<Measurement<double>> Each(Func<JobView, double?> value) =>
        from job in _active
        let known = value(job)
        where known is not null
        select new Measurement<double>(
            known.Value,
            new(TelemetryNames.Job, job.Id),
            new(TelemetryNames.State, JobJson.NameOf(job.State)));

    private static bool IsWorkedOn(JobView job) => job.State is JobState.InProgress;

    private static long Left(JobView job) => (job.Images.Total ?? 0) - job.Images.Done;
}
