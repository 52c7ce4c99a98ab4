using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NetVips;
using Pipeline.Benchmarks.Fuzzing;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

namespace Pipeline.Benchmarks.Decoding;

/// <summary>What decoding an image costs in a process of its own, beside the same in this process, one image at a time.</summary>
internal static class DecoderBenchmark
{
    private const int Rounds = 7;
    private const int MegapixelsARound = 60;

    public static async Task<int> RunAsync(string? file)
    {
        var page = new StringBuilder($"""
            # Decoding in a process of its own

            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `dotnet artifacts/bin/Pipeline.Benchmarks/release/Pipeline.Benchmarks.dll decode RESULTS`

            {Machine.Describe()}
            - Load average (1 minute): {Machine.Load()} before

            Milliseconds an image, median of {Rounds} rounds that alternate. *Processor*: of both processes, kernel included. Of the processes' starts nothing is counted.

            | image | in process: processor | elapsed | process of its own: processor | elapsed | more processor | more elapsed |
            |---|---:|---:|---:|---:|---:|---:|

            """);
        using var pool = new DecoderPool(DecoderSettings.From(new WorkerOptions()), 1, TimeProvider.System, NullLogger<DecoderPool>.Instance);
        foreach (var (name, encoded, pixels) in Images())
        {
            var count = Math.Max(4, MegapixelsARound * 1_000_000 / pixels);
            List<Cost> inside = [], outside = [];
            for (var round = 0; round <= Rounds; round++)
            {
                inside.Add(await MeasureAsync(count, () => Task.FromResult(DecodeHere(encoded))));
                outside.Add(await MeasureAsync(count, () => pool.DecodeAsync(encoded, static (rgb, _) => rgb[^1], CancellationToken.None)));
            }

            var (here, there) = (Cost.MedianOf(inside.Skip(1)), Cost.MedianOf(outside.Skip(1)));
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {here.Processor:F2} | {here.Elapsed:F2} | {there.Processor:F2} | {there.Elapsed:F2} | {there.Processor - here.Processor:F2} | {there.Elapsed - here.Elapsed:F2} |");
        }

        await Console.Out.WriteLineAsync(page.ToString());
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, page.ToString());
        }

        return 0;
    }

    private static byte DecodeHere(byte[] encoded)
    {
        using var image = ImageDecoder.Decode(encoded, new ImageLimits());
        return image.Pixels[^1];
    }

    private static async Task<Cost> MeasureAsync(int count, Func<Task<byte>> decode)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Processor());
        for (var i = 0; i < count; i++)
        {
            await decode();
        }

        return new Cost((Processor() - processor).TotalMilliseconds / count, Stopwatch.GetElapsedTime(start).TotalMilliseconds / count);
    }

    private static TimeSpan Processor() => DecoderUsage.Read().Aggregate(Environment.CpuUsage.TotalTime, (sum, process) => sum + process.Processor);

    private static IEnumerable<(string Name, byte[] Encoded, int Pixels)> Images()
    {
        var drawn = ImageSet.Load(ImageSet.Names[^1])[0];
        using var picture = Image.NewFromBuffer(drawn);
        yield return ($"JPEG 640 × 480, {drawn.Length / 1_000} kB", drawn, 640 * 480);
        var png = picture.PngsaveBuffer();
        yield return ($"PNG 640 × 480, {png.Length / 1_000} kB", png, 640 * 480);
        using var large = picture.Resize(6.25);
        var jpeg = large.JpegsaveBuffer(q: 90);
        yield return ($"JPEG 4000 × 3000, {jpeg.Length / 1_000} kB", jpeg, 4_000 * 3_000);
    }

    private readonly record struct Cost(double Processor, double Elapsed)
    {
        public static Cost MedianOf(IEnumerable<Cost> rounds)
        {
            var all = rounds.ToList();
            return new Cost(all.Select(cost => cost.Processor).Order().ElementAt(all.Count / 2), all.Select(cost => cost.Elapsed).Order().ElementAt(all.Count / 2));
        }
    }
}
