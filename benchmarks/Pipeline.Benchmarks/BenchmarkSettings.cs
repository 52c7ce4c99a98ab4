using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Pipeline.Benchmarks;

/// <summary>How BenchmarkDotNet measures: everything once by the processor's time and once by the clock on the wall.</summary>
internal static class BenchmarkSettings
{
    public const string ProcessorTime = "processor";
    public const string ElapsedTime = "elapsed";
    private const int LeastInvocations = 8;

    public static IConfig Create()
    {
        // Each iteration goes through all images equally often. In process, because a generated project would need libtorch and
        // lock files of its own.
        var images = ImageSet.Names.Max(name => ImageSet.Load(name).Count);
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithUnrollFactor(1)
            .WithInvocationCount((LeastInvocations + images - 1) / images * images)
            .WithWarmupCount(2)
            .WithIterationCount(5);
        return DefaultConfig.Instance
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"))
            .AddJob(job.WithId(ElapsedTime), job.WithClock(new ProcessorClock()).WithId(ProcessorTime));
    }
}
