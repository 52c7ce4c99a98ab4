using Pipeline.Benchmarks.Fuzzing;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Tests.Decoding;

/// <summary>A short run of the fuzzer; the long one is in <c>benchmarks/results/fuzz.md</c>.</summary>
public sealed class FuzzTests
{
    private const int Images = 3_000;

    [Fact]
    public async Task Damaged_images_end_as_pixels_or_as_typed_faults_and_kill_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"fuzz-{Guid.NewGuid():n}");
        var run = new FuzzRun(new WorkerOptions { DecodeThreads = 2, DecoderMemory = 1L << 30 }, seed: 9, folder);

        await run.RunAsync(Images, TestContext.Current.CancellationToken);

        Assert.Equal(Images, run.Outcomes.Values.Sum());
        Assert.Subset(
            new HashSet<string> { "decoded", "Empty", "NotAnImage", "Truncated", "Corrupt", "TooLarge", "TooMuchMemory" }, run.Outcomes.Keys.ToHashSet());
        Assert.True(run.Outcomes["decoded"] > Images / 20, "Hardly any of the images is still one.");
        Assert.Equal(0, run.Deaths);
        Assert.InRange(run.PeakOfProcess, 1, 1L << 30);
    }
}
