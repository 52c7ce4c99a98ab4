using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using Scenes;
using Scenes.Dataset;
using Train.Output;
using Train.Runs;

namespace Train.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("train");

    public TrainingRunTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData("v1", 3)]
    [InlineData("v2", 6)]
    public void A_run_that_was_stopped_goes_on_as_if_it_had_not_been(string name, int stopBehind)
    {
        var whole = Train(name, "whole", resume: false, stopBehind: null);
        var stopped = Train(name, "parts", resume: false, stopBehind);
        var resumed = Train(name, "parts", resume: true, stopBehind: null);

        Assert.Equal(stopBehind, stopped.Steps);
        Assert.Equal(whole, resumed);
        Assert.Equal(2 * Recipe.Of(name).Phases.Count, Curves("whole").Count);
        Assert.Equal(Losses("whole"), Losses("parts"));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder.FullName, "whole", "checkpoint", "model.safetensors")),
            File.ReadAllBytes(Path.Combine(_folder.FullName, "parts", "checkpoint", "model.safetensors")));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task What_it_writes_is_a_checkpoint_that_the_engine_answers_with(string name)
    {
        Train(name, "run", resume: false, stopBehind: null);
        var checkpoint = Path.Combine(_folder.FullName, "run", "checkpoint");
        await using var engine = await InferenceEngine.LoadAsync(checkpoint, new EngineOptions(), TestContext.Current.CancellationToken);
        var scene = SceneGenerator.Draw(SceneSeeds.Validation(1), new SceneOptions());

        var answers = await engine.RunAsync(
            new ImageRequest(engine.ImageProcessor.Process(SceneImages.Encode(scene).Bytes), [new ScorePrompt("Is there a red circle?", ["yes", "no"])]),
            TestContext.Current.CancellationToken);

        Assert.Equal(1, ((ScoredAnswer)Assert.Single(answers)).Probabilities.Sum(), 1e-6);
        Assert.InRange(Directory.GetFiles(checkpoint, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 15_000_000);
        Assert.Contains($"--recipe {name}", File.ReadAllText(Path.Combine(checkpoint, "README.md")), StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(_folder.FullName, "run", "curves.png")).Length > 1_000);
    }

    [Fact]
    public void Resuming_what_is_not_there_or_another_run_is_refused_by_name()
    {
        Assert.Contains("no state", Assert.Throws<DirectoryNotFoundException>(() => Train("v2", "run", resume: true, stopBehind: null)).Message, StringComparison.Ordinal);
        Train("v2", "run", resume: false, stopBehind: 1);
        Assert.Contains("recipe v2", Assert.Throws<InvalidOperationException>(() => Train("v1", "run", resume: true, stopBehind: null)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Two steps a phase.
    private RunState Train(string name, string folder, bool resume, int? stopBehind)
    {
        var recipe = Recipe.Of(name);
        recipe = recipe with { Phases = [.. recipe.Phases.Select(phase => phase with { Steps = 2, Batch = 2 })] };
        using var time = new StepClock(stopBehind);
        return TrainingRun.Start(recipe, Path.Combine(_folder.FullName, folder), start: null, seed: 5, resume, TextWriter.Null, time, time.Stopped);
    }

    private IReadOnlyList<CurvePoint> Curves(string folder) => new CurveFile(Path.Combine(_folder.FullName, folder, "curves.csv")).Read();

    private IEnumerable<(int Step, double Loss)> Losses(string folder) => Curves(folder).Select(point => (point.Step, point.Loss));

    /// <summary>Every step takes 20 seconds, so each has a line of its own; stops behind one of them.</summary>
    private sealed class StepClock(int? stopBehind) : TimeProvider, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private int _looks;

        public CancellationToken Stopped => _stop.Token;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            _looks++;
            if (_looks == 2 * stopBehind)
            {
                _stop.Cancel();
            }

            return _looks * 20L;
        }

        public void Dispose() => _stop.Dispose();
    }
}
