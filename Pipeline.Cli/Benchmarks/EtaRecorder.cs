using System.Globalization;
using Pipeline.Cli.Client;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Runs real jobs on real workers whose speed changes, and writes down what the API shows of each until its last image.</summary>
/// <param name="folder">Local folder for images and datasets.</param>
/// <param name="models">Folder with the two small models.</param>
/// <param name="api">An API of its own.</param>
/// <param name="log">Says how far it got.</param>
internal sealed class EtaRecorder(string folder, string models, ApiClient api, Action<string> log)
{
    private const int Drawn = 1_200, PilotImages = 120, MostImages = 12_000, Tries = 3;

    /// <summary>A machine that is idle all of a sudden makes a run too short to be looked at: then it is run again with more images.</summary>
    private const double LeastSeconds = 45;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromMinutes(30);

    /// <summary>Images a second of one worker, of the last run: how many the next one is given.</summary>
    private double _speed;

    public async Task RecordAsync(IReadOnlyList<EtaPlan> plans, string traces, CancellationToken cancellationToken)
    {
        log($"drawing {Drawn} images of each kind");
        EtaImages.Write(Path.Combine(folder, "images"), Drawn);
        Directory.CreateDirectory(traces);
        if (plans.Any(plan => !plan.IsPaced))
        {
            await RunAsync(EtaPlan.Draw("steady", 0) with { Workers = 1, Shards = 6, Events = [] }, "pilot", PilotImages, cancellationToken);
        }

        foreach (var plan in plans)
        {
            var file = Path.Combine(traces, $"{plan.Name}.csv");
            for (var attempt = 1; attempt <= Tries && !File.Exists(file); attempt++)
            {
                var images = (int)Math.Clamp(plan.Seconds * (plan.IsPaced ? 1 : _speed) * plan.Workers, PilotImages, MostImages);
                var (trace, seconds) = await RunAsync(plan, string.Create(CultureInfo.InvariantCulture, $"{plan.Name}-{attempt}"), images, cancellationToken);
                if (seconds >= LeastSeconds)
                {
                    await trace.WriteAsync(file, cancellationToken);
                }
            }
        }
    }

    private async Task<(EtaTraceFile Trace, double Seconds)> RunAsync(EtaPlan plan, string name, int images, CancellationToken cancellationToken)
    {
        using var workers = new EtaWorkers(plan.IsPaced);
        foreach (var _ in Enumerable.Range(0, plan.Workers))
        {
            await workers.StartAsync(cancellationToken);
        }

        var trace = new EtaTraceFile(plan, plan.Shards);
        var clock = new EtaClock();
        var job = await SubmitAsync(plan, name, images, cancellationToken);
        var run = new EtaRun(api, workers, job.Id, trace, clock, stop => SubmitAsync(plan, $"{name}-other", images / 4, stop));
        var events = new Queue<EtaEvent>(plan.Events);
        while (true)
        {
            job = await api.GetAsync(job.Id, cancellationToken);
            trace.Add(clock.Seconds, job, run.OtherId is { } other ? await api.GetAsync(other, cancellationToken) : null);
            if (job.Images.Total is { } total && job.Images.Done >= total)
            {
                break;
            }

            if (job.State is JobState.Failed or JobState.Cancelled || clock.Seconds > s_patience.TotalSeconds)
            {
                throw CommandException.Failure($"The run {name} did not come to its end: {job.State}, {job.Error}");
            }

            if (job.Images.Total is { } all && events.TryPeek(out var next) && job.Images.Done >= next.Share * all)
            {
                run.Begin(events.Dequeue(), cancellationToken);
            }

            await Task.Delay(s_look, cancellationToken);
        }

        var seconds = clock.Seconds;
        _speed = job.Images.Done / seconds / plan.Workers;
        log(string.Create(CultureInfo.InvariantCulture, $"{name}: {job.Images.Done} images in {seconds:0} s"));
        await run.EndAsync(cancellationToken);
        return (trace, seconds);
    }

    private async Task<JobView> SubmitAsync(EtaPlan plan, string name, int images, CancellationToken cancellationToken)
    {
        var manifest = Path.Combine(folder, $"{name}.csv");
        var part = (images + plan.Folders.Count - 1) / plan.Folders.Count;
        var rows = Enumerable.Range(0, images).Select(index =>
            string.Create(CultureInfo.InvariantCulture, $"{index},{EtaImages.NameOf("images", plan.Folders[index / part], index % Drawn)}"));
        await File.WriteAllLinesAsync(manifest, rows.Prepend("id,image"), cancellationToken);
        return await api.SubmitAsync(
            JobSpecJson.Write(new JobSpec
            {
                Source = manifest,
                Output = Path.Combine(folder, "out", name),
                Model = Path.Combine(models, plan.Model),
                Caption = "Describe this image in one sentence.",
                Questions = [new Question { Id = "red", Text = "Is there something red?", Kind = QuestionKind.YesNo }],
                ShardSize = Math.Max(1, images / plan.Shards),
            }),
            null, cancellationToken);
    }
}
