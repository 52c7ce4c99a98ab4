using Pipeline.Cli.Display;
using Pipeline.Cli.Models;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Scenes;
using Scenes.Evaluation;

namespace Pipeline.Cli.Evaluation;

/// <summary>What to evaluate.</summary>
/// <param name="Model">Checkpoint folder; null: the one that ships.</param>
/// <param name="Count">Scenes.</param>
/// <param name="Seed">Which held-out draw.</param>
/// <param name="Ablation">Ask again with crops masked, and for v1 with random ones.</param>
internal sealed record SceneEvaluationRequest(string? Model, int Count, int Seed, bool Ablation)
{
    /// <summary>What the model is run in.</summary>
    public EngineOptions Engine { get; init; } = new();
}

/// <summary>A model's answers about held-out scenes, judged.</summary>
internal sealed record SceneEvaluation
{
    /// <summary>Name of the checkpoint's folder.</summary>
    public required string Model { get; init; }

    public required DragonflyVersion Version { get; init; }

    /// <summary>Which held-out draw.</summary>
    public required int Seed { get; init; }

    public required SceneReport Report { get; init; }

    /// <summary>The same scenes with the zoom's crops masked; null: not asked for.</summary>
    public required SceneReport? Masked { get; init; }

    /// <summary>The same scenes with random high crops; null: not asked for, or v2, which selects none.</summary>
    public required SceneReport? RandomCrops { get; init; }

    /// <summary>All that the model said, with nothing masked.</summary>
    public required IReadOnlyList<SceneAnswers> Answers { get; init; }

    /// <exception cref="ModelLoadException">The checkpoint can't be loaded.</exception>
    public static async Task<SceneEvaluation> RunAsync(SceneEvaluationRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(request.Model ?? DefaultModel.Find());
        long[] seeds = [.. Enumerable.Range(0, request.Count).Select(index => SceneSeeds.HeldOut(request.Seed, index))];
        await using var engine = await InferenceEngine.LoadAsync(folder, request.Engine, cancellationToken);
        var options = OptionsFor(engine.Config);
        var answers = await AskAsync(engine, "all crops", CropMask.None, CaptionPrompts.All.Count);
        SceneReport? masked = null, random = null;
        if (request.Ablation)
        {
            masked = SceneReport.Of(await AskAsync(engine, "zoom masked", CropMask.Zoom, captionPrompts: 0));
        }

        if (request.Ablation && engine.Config.Version is DragonflyVersion.V1)
        {
            await using var other = await RandomSelection.LoadAsync(folder, request.Engine, cancellationToken);
            random = SceneReport.Of(await AskAsync(other, "random crops", CropMask.None, captionPrompts: 0));
        }

        return new SceneEvaluation
        {
            Model = Path.GetFileName(folder.TrimEnd(Path.DirectorySeparatorChar)),
            Version = engine.Config.Version,
            Seed = request.Seed,
            Report = SceneReport.Of(answers),
            Masked = masked,
            RandomCrops = random,
            Answers = answers,
        };

        Task<IReadOnlyList<SceneAnswers>> AskAsync(InferenceEngine asked, string what, CropMask mask, int captionPrompts) =>
            SceneEvaluator.RunAsync(asked, seeds, options, mask, captionPrompts, new SceneProgress(terminal, what, seeds.Length), cancellationToken);
    }

    /// <summary>The scenes are drawn for the model's own crops.</summary>
    private static SceneOptions OptionsFor(DragonflyConfig config) => new() { CropSize = Math.Clamp(config.Vision.ImageSize, 32, 336) };

    /// <summary>Ten lines in all; reports come from many threads.</summary>
    private sealed class SceneProgress(Terminal terminal, string what, int count) : IProgress<int>
    {
        private readonly int _step = Math.Max(1, (count + 9) / 10);

        public void Report(int value)
        {
            if (value % _step == 0 || value == count)
            {
                terminal.Line($"{what}: {value:N0} of {count:N0} scenes");
            }
        }
    }
}
