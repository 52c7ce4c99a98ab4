using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Training;
using Pipeline.Model.Weights;
using Train.Examples;
using Train.Output;
using static TorchSharp.torch;

namespace Train.Runs;

/// <summary>A run from its first weights, or from where it was, to its checkpoint.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const double SecondsBetweenLines = 15;
    private const double SecondsBetweenStates = 120;
    private const double ObjectsNeeded = 0.9;

    private readonly Recipe _recipe;
    private readonly RunFolder _folder;
    private readonly TextWriter _log;
    private readonly TimeProvider _time;
    private readonly TrainableWeights _weights;
    private readonly DragonflyModel _model;
    private readonly CropHeads _heads;
    private readonly DragonflyTokenizer _tokenizer;
    private readonly CurveFile _curves;
    private readonly RunState _state;
    private readonly QuestionMix _questions;
    private readonly Meter _meter = new();
    private bool _resumed;
    private CurvePoint? _last;

    private TrainingRun(Recipe recipe, RunFolder folder, string? start, int seed, bool resume, TextWriter log, TimeProvider time)
    {
        (_recipe, _folder, _log, _time) = (recipe, folder, log, time);
        var config = resume && Directory.Exists(folder.Checkpoint) ? CheckpointFolder.ReadConfig(folder.Checkpoint) : ModelFolder.Create(folder.Checkpoint, recipe);
        _tokenizer = DragonflyTokenizer.Load(folder.Checkpoint);
        _curves = new CurveFile(folder.Curves);
        _resumed = resume;
        _state = resume ? ReadState(recipe, folder, seed) : new RunState { Recipe = recipe.Name, Start = start, Seed = seed };
        _questions = resume ? QuestionMix.Read(RunFolder.Questions(folder.State)) : new QuestionMix();
        _curves.CutBehind(_state.Steps);
        _weights = resume ? TrainableWeights.Read(RunFolder.Weights(folder.State)) : FreshWeights.Create(config, CropHeads.Shapes(config, CropExamples.Counts), seed, start);
        _model = new DragonflyModel(_weights, config, recipe.Language.MaxPositionEmbeddings, ScalarType.Float32, CPU);
        _heads = new CropHeads(new WeightSource(_weights, Placement.Cpu), CropExamples.Counts);
    }

    /// <summary>Of the phase, 0 to 1.</summary>
    private double Progress => (double)_state.PhaseSteps / _recipe.Phases[_state.Phase].Steps;

    /// <returns>Where the run stands at its end.</returns>
    public static RunState Start(
        Recipe recipe, string folder, string? start, int seed, bool resume, TextWriter log, TimeProvider time, CancellationToken cancellationToken)
    {
        using var run = new TrainingRun(recipe, new RunFolder(folder), start, seed, resume, log, time);
        try
        {
            run.Phases(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.WriteLine($"stopped; go on with --resume, from {Path.GetFullPath(folder)}");
        }

        return run._state;
    }

    private static RunState ReadState(Recipe recipe, RunFolder folder, int seed)
    {
        if (!Directory.Exists(folder.State))
        {
            throw new DirectoryNotFoundException($"'{folder.Root}' holds no state of a run to resume; start one without --resume.");
        }

        var state = RunState.Read(RunFolder.Numbers(folder.State));
        return state.Recipe == recipe.Name && state.Seed == seed ? state
            : throw new InvalidOperationException($"The run in '{folder.Root}' is of recipe {state.Recipe} and seed {state.Seed}; resume it with these.");
    }

    private void Phases(CancellationToken cancellationToken)
    {
        while (_state.Phase < _recipe.Phases.Count)
        {
            using (var phase = new PhaseRun(_recipe, _state, _model, _weights, _tokenizer, _heads, _questions))
            {
                if (_resumed && File.Exists(RunFolder.Optimizer(_folder.State)))
                {
                    phase.Optimizer.Load(RunFolder.Optimizer(_folder.State));
                }

                _resumed = false;
                Steps(phase, cancellationToken);
            }

            _state.Phase++;
            _state.PhaseSteps = 0;
            Save(null);
        }

        _log.WriteLine($"done: {_state.Steps:N0} steps, {_state.Scenes:N0} scenes, {_state.Seconds / 60:0.0} minutes; {_folder.Checkpoint}");
    }

    private void Steps(PhaseRun phase, CancellationToken cancellationToken)
    {
        var definition = _recipe.Phases[_state.Phase];
        double lastSaved = _state.Seconds;
        while (_state.PhaseSteps < definition.Steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save(phase);
                cancellationToken.ThrowIfCancellationRequested();
            }

            var start = _time.GetTimestamp();
            StepResult step = QuietHeap.Run(() => phase.Step(Progress, CancellationToken.None));
            var seconds = _time.GetElapsedTime(start).TotalSeconds;
            (_state.Steps, _state.PhaseSteps, _state.Scenes) = (_state.Steps + 1, _state.PhaseSteps + 1, _state.Scenes + definition.Batch);
            _state.Seconds += seconds;
            _meter.Add(step, definition.Batch, seconds);
            if (_meter.Seconds >= SecondsBetweenLines && IsLearned(definition, Line(phase, definition)))
            {
                _log.WriteLine($"{definition.Name}: learned");
                break;
            }

            if (_state.Seconds - lastSaved >= SecondsBetweenStates)
            {
                Save(phase);
                lastSaved = _state.Seconds;
            }
        }

        if (_meter.Steps > 0)
        {
            Line(phase, definition);
        }

        if (definition.IsOnCrops && _last?.Accuracies.GetValueOrDefault("objects") is { } objects and < ObjectsNeeded)
        {
            _log.WriteLine(FormattableString.Invariant(
                $"{definition.Name}: only {objects:0%} of the tokens on objects are right; below {ObjectsNeeded:0%} the language model learns little of shapes and colours"));
        }
    }

    private CurvePoint Line(PhaseRun phase, Phase definition)
    {
        var point = _meter.Take(_state, definition.Name, phase.Rate(Progress));
        _curves.Append(point);
        _last = point;
        _log.WriteLine(FormattableString.Invariant(
            $"{point.Phase} {Progress:0%} step {point.Step:N0} {point.Seconds / 60:0.0} min loss {point.Loss:0.000} rate {point.Rate:0.00000} norm {point.Norm:0.00} {point.ScenesPerSecond:0.0} scenes/s {CurveFile.Words(point.Accuracies)}"));
        _log.Flush();
        return point;
    }

    private static bool IsLearned(Phase phase, CurvePoint point) =>
        phase.IsOnCrops && point.Accuracies.GetValueOrDefault("objects") >= phase.ObjectGate && point.Accuracies.GetValueOrDefault("signs") >= phase.SignGate;

    /// <param name="phase">Whose optimizer goes on; null between phases.</param>
    private void Save(PhaseRun? phase)
    {
        _folder.Replace(state =>
        {
            _state.Write(RunFolder.Numbers(state));
            _questions.Write(RunFolder.Questions(state));
            _weights.Save(RunFolder.Weights(state), null, ScalarType.Float32);
            phase?.Optimizer.Save(RunFolder.Optimizer(state));
        });
        ModelFolder.WriteWeights(_folder.Checkpoint, _weights, _model.Config);
        var points = _curves.Read();
        File.WriteAllText(Path.Combine(_folder.Checkpoint, "README.md"), ModelCard.Of(_recipe, _state, points));
        if (points.Count > 1)
        {
            CurvePlot.Write(_folder.Plot, points);
        }
    }

    public void Dispose()
    {
        _heads.Dispose();
        _model.Dispose();
    }
}
