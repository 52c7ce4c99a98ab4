using System.Globalization;
using System.Text;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Benchmarks;

/// <summary>What the API showed of one job, look by look, as a small file: what it was, then a line a look.</summary>
internal sealed class EtaTraceFile(EtaPlan plan, int shards)
{
    private readonly StringBuilder _lines = new();
    private readonly List<string> _events = [];
    private ImageCounts? _images;

    /// <summary>So that it is told when something was done to the run.</summary>
    public void Add(double seconds, string what) => _events.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} {what}"));

    /// <param name="seconds">Since the run began.</param>
    /// <param name="job">The run's.</param>
    /// <param name="other">That the workers are shared with, if there is one.</param>
    public void Add(double seconds, JobView job, JobView? other)
    {
        _images = job.Images;
        _lines.Append(CultureInfo.InvariantCulture, $"{seconds:0.0},{JobJson.NameOf(job.State)},{job.Images.Done},{job.Shards.Committed},{job.Shards.Running},")
            .Append(CultureInfo.InvariantCulture, $"{job.EtaSeconds:0.0},{job.EtaSecondsLow:0.0},{job.EtaSecondsHigh:0.0},")
            .Append(CultureInfo.InvariantCulture, $"{other?.Images.Total},{other?.Images.Done},{other?.Shards.Running}\n");
    }

    public Task WriteAsync(string file, CancellationToken cancellationToken) => File.WriteAllTextAsync(
        file,
        $"""
        # kind: {plan.Kind}
        # images: {_images?.Total} ({string.Join(", ", plan.Folders)})
        # shards: {shards}
        # model: {plan.Model}
        # workers: {plan.Workers}{(plan.IsPaced ? ", paced" : "")}
        # events: {(_events.Count == 0 ? "none" : string.Join("; ", _events))}
        seconds,state,done,committed,running,eta,low,high,other_total,other_done,other_running
        {_lines}
        """,
        cancellationToken);
}
