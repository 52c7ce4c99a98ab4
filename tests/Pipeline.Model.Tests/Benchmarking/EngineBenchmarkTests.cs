using Pipeline.Model.Benchmarking;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Benchmarking;

/// <summary>Structure, never speed.</summary>
public sealed class EngineBenchmarkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_workload_is_run_as_often_as_asked_and_every_figure_is_there()
    {
        List<string> told = [];
        EngineBenchmarkReport report = await EngineBenchmark.RunAsync(
            Settings(TinyCheckpoint.Shipped) with { Repetitions = 2, ImagesPerRepetition = 3 }, TimeProvider.System, new Listener(told), Token);

        Assert.Equal(["caption", "questions", "mixed"], report.Results.Select(result => result.Name));
        Assert.Equal([1, 5, 9], report.Results.Select(result => result.Prompts));
        Assert.Equal(1, report.DistinctCrops);
        Assert.Equal("dragonfly-tiny-v2", report.Model);
        Assert.Contains("Round 2 of 2: mixed, 3 images", told);
        foreach (WorkloadResult result in report.Results)
        {
            Assert.Equal(2, result.Repetitions.Count);
            Assert.Null(result.SpeedUp);
            Assert.All(result.Repetitions, run => AssertWhole(run, result));
        }
    }

    [Fact]
    public async Task A_folder_that_is_no_Dragonfly_is_told_what_it_lacks()
    {
        using TinyCheckpoint checkpoint = new();
        checkpoint.Edit("config.json", "\"model_type\": \"dragonfly\"", "\"model_type\": \"llava\"");

        ModelLoadException error = await Assert.ThrowsAsync<ModelLoadException>(
            () => EngineBenchmark.RunAsync(Settings(checkpoint.Folder), TimeProvider.System, new Listener([]), Token));

        Assert.Contains(error.Faults, fault => fault.Contains("llava"));
    }

    [Fact]
    public async Task A_folder_without_tokenizer_is_told_by_its_own_name()
    {
        using TinyCheckpoint checkpoint = new();
        File.Delete(checkpoint.PathOf("tokenizer.json"));

        ModelLoadException error = await Assert.ThrowsAsync<ModelLoadException>(
            () => EngineBenchmark.RunAsync(Settings(checkpoint.Folder), TimeProvider.System, new Listener([]), Token));

        Assert.Contains($"'{checkpoint.Folder}'", error.Message);
        Assert.Contains("tokenizer.json", error.Message);
    }

    [Fact]
    public async Task A_folders_own_weights_in_narrow_numbers()
    {
        EngineBenchmarkReport report = await EngineBenchmark.RunAsync(
            Settings(TinyCheckpoint.Shipped) with
            {
                ReadsWeights = true,
                ImagesPerRepetition = 2,
                Engine = new EngineOptions { MaxNumSeqs = 4, Dtype = EngineType.Bfloat16, Quantization = Quantization.Int8, NumSchedulerSteps = 3 },
            },
            TimeProvider.System, new Listener([]), Token);

        Assert.Equal(("bfloat16+int8", "cpu", false), (report.Numerics, report.Device, report.RandomWeights));
        Assert.All(report.Results.SelectMany(result => result.Repetitions), run => Assert.True(run.RooflineRatio > 0 && run.TokensPerSecond > 0));
    }

    private static void AssertWhole(RepetitionResult run, WorkloadResult result)
    {
        Assert.Equal(3, run.Images);
        Assert.All(
            (double[])[run.Seconds, run.PreprocessingSeconds, run.GemmRate, run.BareDecodeSeconds, run.DecodeStepSeconds, run.PeakBytes, run.Bandwidth, run.RooflineImagesPerSecond],
            value => Assert.True(value > 0 && double.IsFinite(value)));
        Assert.Equal(3 * result.Prompts, run.Statistics.PromptsFinished);
        Assert.InRange(run.Statistics.BatchFill, double.Epsilon, 1);
        Assert.InRange(run.IdleShare, 0, 1);
        Assert.Equal(run.NeededWithoutSharing.Vision, result.Prompts * run.NeededPrefixShared.Vision, run.NeededWithoutSharing.Vision * 1e-12);
        Assert.All(
            (double[])[run.VisionRatio, run.ImagePrefillRatio, run.TextPrefillRatio, run.PrefillRatio, run.DecodeRatio],
            ratio => Assert.True(ratio > 0 && double.IsFinite(ratio)));
    }

    private static EngineBenchmarkSettings Settings(string folder) => new()
    {
        ConfigFolder = folder,
        ImageFolder = ReferenceData.Folder("bench", "images"),
        Workloads = [.. Workload.Names.Select(name => Workload.Of(name, WorkloadTexts.Default))],
        Engine = new EngineOptions { MaxNumSeqs = 8 },
        Repetitions = 1,
    };

    private sealed class Listener(List<string> told) : IProgress<string>
    {
        public void Report(string value) => told.Add(value);
    }
}
