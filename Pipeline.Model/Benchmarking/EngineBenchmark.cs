using System.Reflection;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Benchmarking;

/// <summary>Times the engine end to end, from the bytes of JPEGs to the texts of answers.</summary>
/// <remarks>
/// All workloads run in turn, round after round, so that a busy spell of the machine meets all of them; one untimed run of each comes first. Around
/// every run stands a reading of the matrix-product rate, taken while the engine is idle.
/// </remarks>
public static class EngineBenchmark
{
    private const int WarmUpImages = 4;
    private const int CommitDigits = 12;

    /// <param name="settings">What is measured.</param>
    /// <param name="time">The date of the report.</param>
    /// <param name="progress">Told what begins.</param>
    /// <param name="cancellationToken">Ends it between images.</param>
    /// <exception cref="ModelLoadException">The folder's configs or tokenizer are not those of a Dragonfly, or the limits don't fit it.</exception>
    /// <exception cref="InvalidDataException">The images can't be read.</exception>
    /// <exception cref="ImageException">One of the images can't be decoded.</exception>
    public static async Task<EngineBenchmarkReport> RunAsync(
        EngineBenchmarkSettings settings, TimeProvider time, IProgress<string> progress, CancellationToken cancellationToken)
    {
        string loadBefore = Machine.Load();
        DateTimeOffset date = time.GetUtcNow();
        IReadOnlyList<byte[]> files = BenchmarkImages.Read(settings.ImageFolder);
        progress.Report("Preparing weights and images …");
        await using InferenceEngine engine = settings.ReadsWeights
            ? await InferenceEngine.LoadAsync(settings.ConfigFolder, settings.Engine, cancellationToken)
            : await InferenceEngine.LoadRandomAsync(settings.ConfigFolder, settings.Engine, cancellationToken);
        IReadOnlyList<byte[]> images = Images(settings, engine, files);
        double distinct = BenchmarkImages.DistinctCrops(engine.ImageProcessor, images);
        IReadOnlyList<WorkloadResult> results = await MeasureAsync(settings, engine, images, progress, cancellationToken);
        string? card = CardMemory.Of(engine.Placement.Device)?.Name;
        return new EngineBenchmarkReport
        {
            Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.ConfigFolder))),
            Config = engine.Config,
            Engine = settings.Engine,
            Device = engine.Placement.Device.ToString(),
            Card = card,
            PeakRate = DevicePeak.Of(card, engine.Placement),
            Numerics = engine.Numerics,
            GemmSide = GemmClock.SideOf(engine.Placement),
            RandomWeights = !settings.ReadsWeights,
            Date = date,
            Revision = Revision(),
            Machine = Machine.Describe(),
            Threads = GemmClock.Threads(),
            LoadBefore = loadBefore,
            LoadAfter = Machine.Load(),
            ImageFiles = files.Count,
            DistinctCrops = distinct,
            Results = results,
        };
    }

    private static IReadOnlyList<byte[]> Images(EngineBenchmarkSettings settings, InferenceEngine engine, IReadOnlyList<byte[]> files)
    {
        int count = settings.ImagesPerRepetition ?? Math.Max(files.Count, engine.MaxNumSeqs);
        return BenchmarkImages.Vary(files, count);
    }

    private static async Task<IReadOnlyList<WorkloadResult>> MeasureAsync(
        EngineBenchmarkSettings settings,
        InferenceEngine engine,
        IReadOnlyList<byte[]> images,
        IProgress<string> progress,
        CancellationToken cancellationToken)
    {
        FlopCounter flops = new(engine.Config);
        EngineLoad load = new(engine, engine.MaxNumSeqs);
        foreach (Workload workload in settings.Workloads)
        {
            progress.Report($"Warming up: {workload.Name}");
            await load.RunAsync(workload, [.. images.Take(WarmUpImages)], cancellationToken);
        }

        Dictionary<Workload, List<RepetitionResult>> repetitions = settings.Workloads.ToDictionary(workload => workload, _ => new List<RepetitionResult>());
        for (int round = 1; round <= settings.Repetitions; round++)
        {
            foreach (Workload workload in settings.Workloads)
            {
                progress.Report($"Round {round} of {settings.Repetitions}: {workload.Name}, {images.Count} images");
                repetitions[workload].Add(await Repetition.RunAsync(load, flops, workload, images, cancellationToken));
            }
        }

        return [.. settings.Workloads.Select(workload => new WorkloadResult
        {
            Name = workload.Name,
            Prompts = workload.Prompts.Count,
            Images = images.Count,
            Reference = ReferenceSpeed.Of(engine.Config, workload.Name),
            Repetitions = repetitions[workload],
        })];
    }

    /// <summary>The build's version and, where it was built in a checkout, commit.</summary>
    private static string Revision()
    {
        string version = typeof(EngineBenchmark).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return version[..Math.Min(version.Length, version.IndexOf('+') + 1 + CommitDigits)];
    }
}
