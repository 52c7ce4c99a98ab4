using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Planning, then whole jobs with a model that only takes time, in processes of their own on the configured PostgreSQL and store.</summary>
internal sealed class PipelineBenchmark(PipelineBenchSettings settings, IServiceProvider services, string connectionString, string model, Action<string> log)
{
    private const int CostWorkers = 2, CostShardSize = 1_000, CostSlots = 1_024, ScaleOutBatches = 4, WarmUpShards = 8, Uploads = 16;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly ObjectStores _stores = services.GetRequiredService<ObjectStores>();
    private readonly JobStore _jobs = services.GetRequiredService<JobStore>();
    private readonly BenchDatabase _database = new(connectionString);
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();

    public async Task<PipelineBenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var plans = new List<PlanResult>();
        foreach (var objects in settings.Listed)
        {
            plans.Add(await PlanAsync(objects, cancellationToken));
        }

        var rowsPerWorker = (int)(settings.Slots / settings.Latency * settings.Seconds);
        await UploadAsync(Math.Max(settings.Rows.Max(), Math.Max(rowsPerWorker, WarmUpShards * settings.Slots) * settings.Workers.Max()), cancellationToken);
        var costs = new List<JobResult>();
        foreach (var rows in settings.Rows)
        {
            costs.Add(await RunJobAsync($"costs-{rows}", rows, CostShardSize, CostWorkers, 0, CostSlots, cancellationToken));
        }

        var scaleOut = new List<JobResult>();
        foreach (var workers in settings.Workers)
        {
            scaleOut.Add(await RunJobAsync($"workers-{workers}", rowsPerWorker * workers, ScaleOutBatches * settings.Slots, workers, settings.Latency, settings.Slots, cancellationToken));
        }

        return new PipelineBenchReport(plans, costs, scaleOut);
    }

    private async Task<PlanResult> PlanAsync(int objects, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-");
        try
        {
            await using var listing = await ListingServer.StartAsync(objects, cancellationToken);
            var spec = Path.Combine(folder.FullName, "spec.json");
            await File.WriteAllTextAsync(spec, JobSpecJson.Write(Spec("s3://listed/photos/", Path.Combine(folder.FullName, "out"), CostShardSize)), cancellationToken);
            var start = _time.GetTimestamp();
            using var process = await BenchProcess.StartAsync(
                new Dictionary<string, string> { ["PIPELINE_S3__ENDPOINT"] = listing.Url, ["PIPELINE_S3__ACCESSKEY"] = "bench", ["PIPELINE_S3__SECRETKEY"] = "bench" },
                ["bench", BenchPartCommands.Plan, "--spec", spec], cancellationToken);
            var cost = await process.EndAsync(cancellationToken);
            var result = new PlanResult(objects, _time.GetElapsedTime(start).TotalSeconds, cost);
            log($"planned {objects:N0} objects in {result.Seconds:0.0} s");
            return result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task UploadAsync(int images, CancellationToken cancellationToken)
    {
        log($"writing {images:N0} images of {settings.ImageBytes:N0} bytes");
        var store = _stores.Open($"{settings.Folder}/images");
        var bytes = RandomNumberGenerator.GetBytes(settings.ImageBytes);
        await Parallel.ForEachAsync(Enumerable.Range(0, images), new ParallelOptions { MaxDegreeOfParallelism = Uploads, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            using var content = new MemoryStream(bytes);
            await store.PutAsync($"{index / settings.Slots:000000}/{index:00000000}.jpg", content, stop);
        });
    }

    private async Task<JobResult> RunJobAsync(string name, int rows, int shardSize, int workers, double latency, int slots, CancellationToken cancellationToken)
    {
        var manifest = await WriteManifestAsync(name, rows, cancellationToken);
        var processes = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => BenchProcess.StartAsync(
            new Dictionary<string, string>(), ["bench", BenchPartCommands.Worker, "--latency", FormattableString.Invariant($"{latency}"), "--slots", FormattableString.Invariant($"{slots}")], cancellationToken)));
        try
        {
            // Compiled first: many processes that do that at once on this machine's cores would count as theirs alone.
            var shards = WarmUpShards * workers;
            await SeeThroughAsync(
                Spec(await WriteManifestAsync($"{name}-warm-up", shards * settings.Slots, cancellationToken), $"{settings.Folder}/{name}-warm-up", settings.Slots), shards * settings.Slots, cancellationToken);
            Array.ForEach(processes, process => process.Count());
            var before = await _database.ReadAsync(cancellationToken);
            var job = await SeeThroughAsync(Spec(manifest, $"{settings.Folder}/{name}", shardSize), rows, cancellationToken);
            var after = await _database.ReadAsync(cancellationToken);
            var costs = await Task.WhenAll(processes.Select(process => process.EndAsync(cancellationToken)));
            var result = new JobResult(
                workers, rows, job.ImagesPerSecond!.Value,
                new ProcessCost(costs.Aggregate(TimeSpan.Zero, (sum, cost) => sum + cost.Cpu), costs.Max(cost => cost.PeakBytes)), before, after);
            log($"{name}: {rows:N0} rows, {workers} worker(s), {result.RowsPerSecond:0} rows/s, {result.Cost.Cpu.TotalMilliseconds / rows:0.00} ms of CPU a row");
            return result;
        }
        finally
        {
            Array.ForEach(processes, process => process.Dispose());
        }
    }

    /// <summary>The first so many images: a job of its own, whatever else lies there.</summary>
    private async Task<string> WriteManifestAsync(string name, int rows, CancellationToken cancellationToken)
    {
        var lines = new StringWriter();
        await lines.WriteLineAsync("image");
        foreach (var index in Enumerable.Range(0, rows))
        {
            await lines.WriteLineAsync(FormattableString.Invariant($"images/{index / settings.Slots:000000}/{index:00000000}.jpg"));
        }

        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines.ToString()));
        await _stores.Open(settings.Folder).PutAsync($"{name}.csv", content, cancellationToken);
        return $"{settings.Folder}/{name}.csv";
    }

    private async Task<JobView> SeeThroughAsync(JobSpec spec, int rows, CancellationToken cancellationToken)
    {
        var started = await services.GetRequiredService<JobSubmission>().SubmitAsync(spec, cancellationToken);
        while (true)
        {
            await Task.Delay(s_look, _time, cancellationToken);
            var job = _jobs.Find(started.Job.Id)!;
            if (job.IsTerminal)
            {
                return job.State is JobState.Completed && job.ImagesTotal == rows ? JobView.Of(job)
                    : throw CommandException.Failure($"The job '{job.Id}' ended as {job.State} with {job.ImagesTotal} rows: {job.Error}");
            }
        }
    }

    private JobSpec Spec(string source, string output, int shardSize) => new()
    {
        Source = source,
        Output = output,
        Model = model,
        Caption = "Describe the image.",
        ShardSize = shardSize,
    };
}
