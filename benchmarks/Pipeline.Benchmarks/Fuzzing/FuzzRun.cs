using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

namespace Pipeline.Benchmarks.Fuzzing;

/// <summary>Damaged images through a worker's decoder processes. What kills one, or outlasts its time, is kept as a file.</summary>
/// <param name="options">Of the worker: time, memory, images at a time.</param>
/// <param name="seed">Of the images.</param>
/// <param name="folder">Takes the files that are kept.</param>
internal sealed class FuzzRun(WorkerOptions options, int seed, string folder)
{
    private readonly ImageMutator _mutator = new(seed);
    private readonly ConcurrentDictionary<string, int> _outcomes = [];
    private readonly Lock _measuring = new();

    /// <summary>Images by what became of them: "decoded", or the fault.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    /// <summary>Decoder processes that died, each of their tries counted.</summary>
    public int Deaths { get; private set; }

    /// <summary>Longest that an image took, waiting for its turn not counted.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Most memory that a decoder process had, what it shares included, in bytes.</summary>
    public long PeakOfProcess { get; private set; }

    /// <summary>Names of the files that were kept.</summary>
    public ConcurrentBag<string> Kept { get; } = [];

    public async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        using var pool = new DecoderPool(DecoderSettings.From(options), options.DecodeThreads, TimeProvider.System, new DeathCount(this));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.DecodeThreads, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var (name, file) = _mutator.Make(number);
            var start = Stopwatch.GetTimestamp();
            var outcome = await DecodeAsync(pool, file, token);
            _outcomes.AddOrUpdate(outcome, 1, (_, before) => before + 1);
            Measure(Stopwatch.GetElapsedTime(start), number);
            if (outcome is nameof(ImageFault.DecoderCrashed) or nameof(ImageFault.TooSlow))
            {
                Keep($"{outcome}-{seed}-{number}-{name}", file);
            }
        });
    }

    private static async Task<string> DecodeAsync(DecoderPool pool, byte[] file, CancellationToken cancellationToken)
    {
        try
        {
            return await pool.DecodeAsync(file, static (rgb, image) => rgb.Length == 3 * image.Width * image.Height ? "decoded" : "of another length", cancellationToken);
        }
        catch (ImageException e)
        {
            return e.Fault.ToString();
        }
    }

    private void Measure(TimeSpan took, int number)
    {
        lock (_measuring)
        {
            Slowest = took > Slowest ? took : Slowest;
            if (number % 500 == 0)
            {
                PeakOfProcess = DecoderUsage.Read().Select(process => process.Peak).Append(PeakOfProcess).Max();
            }
        }
    }

    private void Keep(string name, byte[] file)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), file);
        Kept.Add(name);
    }

    private sealed class DeathCount(FuzzRun run) : ILogger<DecoderPool>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (run._measuring)
            {
                run.Deaths++;
            }
        }
    }
}
