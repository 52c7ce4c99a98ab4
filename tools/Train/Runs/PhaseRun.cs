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
    private readonly Prefetch<IReadOnlyList<TrainingImage>>? _images;

    public PhaseRun(Recipe recipe, RunState state, DragonflyModel model, TrainableWeights weights, DragonflyTokenizer tokenizer, CropHeads heads)
    {
        _phase = recipe.Phases[state.Phase];
        var format = new PromptFormat(tokenizer);
        _trainer = new DragonflyTrainer(model, format.Special.Newline);
        _heads = heads;
        _schedule = new WarmupCosine(Warmup: 0.05, _phase.FinalRate);
        Optimizer = new TrainingOptimizer(Groups(weights), recipe.WeightDecay, recipe.MaxNorm);
        var first = state.Scenes;
        if (_phase.IsOnCrops)
        {
            var examples = new CropExamples(recipe.Version, recipe.Vision);
            _crops = new Prefetch<CropBatch>(step => examples.Create([.. Draw(state.Seed, first, step)], Random(state.Seed, first, step)), 0);
        }
        else
        {
            var examples = new ImageExamples(model.Config, format, tokenizer.Encode);
            _images = new Prefetch<IReadOnlyList<TrainingImage>>(step =>
            {
                var random = Random(state.Seed, first, step);
                return [.. Draw(state.Seed, first, step).Select(scene => examples.Create(scene, _phase.ShownCrops, random))];
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
            return Descend(crops.Loss, progress, [("objects", crops.Objects, 1), ("shapes", crops.Shapes, 1), ("colours", crops.Colours, 1), ("signs", crops.Signs, 1)]);
        }

        ImageResult images = _trainer.Images(_images!.Next(cancellationToken));
        return Descend(images.Loss, progress, [.. images.Turns.GroupBy(turn => turn.Kind).Select(kind => (kind.Key, kind.Average(turn => turn.IsRight ? 1.0 : 0), (double)kind.Count()))]);
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
        yield return (_phase.IsOnCrops ? groups[CropHeads.Prefix] : groups[DragonflyParameters.Language], _phase.Rate);
    }

    private IEnumerable<Scene> Draw(int seed, long first, long step) =>
        Enumerable.Range(0, _phase.Batch).Select(index => SceneGenerator.Draw(SceneSeeds.Training((seed * ScenesOfSeed) + first + (step * _phase.Batch) + index), _phase.Scenes));

    // Follows from the number of the batch's first scene alone, so that a resumed run draws as the first one would have.
    private Random Random(int seed, long first, long step) => new(unchecked((int)(((seed * ScenesOfSeed) + first + (step * _phase.Batch)) * 2_654_435_761)));

    public void Dispose()
    {
        _crops?.Dispose();
        _images?.Dispose();
        Optimizer.Dispose();
    }
}
