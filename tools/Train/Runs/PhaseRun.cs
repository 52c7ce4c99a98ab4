using Pipeline.Model.Engine;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Training;
using Pipeline.Model.Weights;
using Scenes;
using TorchSharp;
using Train.Examples;
using static TorchSharp.torch;

namespace Train.Runs;

/// <summary>Steps of one phase: its batches, its optimizer, its loss.</summary>
internal sealed class PhaseRun : IDisposable
{
    private const long ScenesOfSeed = 1L << 24;

    private readonly Phase _phase;
    private readonly DragonflyTrainer _trainer;
    private readonly CropHeads _heads;
    private readonly WarmupCosine _schedule;
    private readonly Prefetch<CropBatch>? _crops;
    private readonly Prefetch<IReadOnlyList<ImageExample>>? _images;
    private readonly ImageExamples? _examples;
    private readonly QuestionMix _questions;
    private readonly int _seed;
    private long _scenes;

    public PhaseRun(Recipe recipe, RunState state, DragonflyModel model, TrainableWeights weights, DragonflyTokenizer tokenizer, CropHeads heads, QuestionMix questions)
    {
        _phase = recipe.Phases[state.Phase];
        var format = new PromptFormat(tokenizer);
        _trainer = new DragonflyTrainer(model, format.Special.Newline);
        _heads = heads;
        _questions = questions;
        _schedule = new WarmupCosine(Warmup: 0.05, _phase.FinalRate);
        Optimizer = new TrainingOptimizer(Groups(weights), recipe.WeightDecay, recipe.MaxNorm);
        var first = state.Scenes;
        (_seed, _scenes) = (state.Seed, first);
        if (_phase.IsOnCrops)
        {
            var examples = new CropExamples(recipe.Version, recipe.Vision);
            _crops = new Prefetch<CropBatch>(step => examples.Create([.. Draw(state.Seed, first, step)], Random(first + (step * _phase.Batch))), 0);
        }
        else
        {
            _examples = new ImageExamples(model.Config, format, tokenizer.Encode);
            _images = new Prefetch<IReadOnlyList<ImageExample>>(step =>
            {
                var random = Random(first + (step * _phase.Batch));
                return [.. Draw(state.Seed, first, step).Select(scene => _examples.Create(scene, _phase.Scenes, _phase.ShownCrops, random))];
            }, 0);
        }
    }

    public TrainingOptimizer Optimizer { get; }

    public double Rate(double progress) => _phase.Rate * _schedule.At(progress);

    public StepResult Step(double progress, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        if (_crops is not null)
        {
            CropResult crops = _trainer.Crops(_crops.Next(cancellationToken), _heads);
            return Descend(crops.Loss, progress, [("objects", crops.Objects, 1), ("shapes", crops.Shapes, 1), ("colours", crops.Colours, 1), ("signs", crops.Signs, 1), ("places", crops.Places, 1)]);
        }

        var asking = Random(~_scenes);
        ImageResult images = _trainer.Images([.. _images!.Next(cancellationToken).Select(example => _examples!.Ask(example, _questions, asking))], _heads);
        _scenes += _phase.Batch;
        foreach (var turn in images.Turns)
        {
            _questions.Count(turn.Topic, turn.IsRight);
        }

        return Descend(images.Loss, progress, [.. images.Turns.GroupBy(turn => turn.Topic).Select(kind => (kind.Key, kind.Average(turn => turn.IsRight ? 1.0 : 0), (double)kind.Count()))]);
    }

    private StepResult Descend(Tensor loss, double progress, IReadOnlyList<(string, double, double)> accuracies)
    {
        double norm = Optimizer.Step(loss, Math.Max(_schedule.At(progress), 1e-3)), value = loss.item<float>();
        return double.IsFinite(value) ? new StepResult(value, norm, accuracies) : throw new InvalidOperationException($"The loss became {value}: the learning rate is too high, or a batch is broken.");
    }

    private IEnumerable<(IEnumerable<TorchSharp.Modules.Parameter>, double)> Groups(TrainableWeights weights)
    {
        var groups = weights.Leaves.ToLookup(leaf => leaf.Key.Split('.')[0], leaf => leaf.Value);
        IEnumerable<TorchSharp.Modules.Parameter> vision = [.. groups[DragonflyParameters.Vision], .. groups[DragonflyParameters.Projection]];
        yield return (vision, _phase.Rate * _phase.VisionRate);
        yield return (groups[CropHeads.Prefix], _phase.Rate);
        if (!_phase.IsOnCrops)
        {
            yield return (groups[DragonflyParameters.Language], _phase.Rate);
        }
    }

    private IEnumerable<Scene> Draw(int seed, long first, long step) =>
        Enumerable.Range(0, _phase.Batch).Select(index => SceneGenerator.Draw(SceneSeeds.Training((seed * ScenesOfSeed) + first + (step * _phase.Batch) + index), _phase.Scenes));

    // Follows from the number of the batch's first scene alone, so that a resumed run draws as the first one would have.
    private Random Random(long scene) => new(unchecked((int)(((_seed * ScenesOfSeed) + scene) * 2_654_435_761)));

    public void Dispose()
    {
        _crops?.Dispose();
        _images?.Dispose();
        Optimizer.Dispose();
    }
}
