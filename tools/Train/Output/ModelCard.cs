using System.Globalization;
using Train.Runs;

namespace Train.Output;

/// <summary><c>README.md</c> of a checkpoint: what it is, how it was made, what it could do on scenes it had not seen.</summary>
internal static class ModelCard
{
    public static string Of(Recipe recipe, RunState state, IReadOnlyList<CurvePoint> points)
    {
        var last = points.Count > 0 ? points[^1] : null;
        return string.Create(CultureInfo.InvariantCulture, $"""
            # dragonfly-tiny-{recipe.Name}

            A Dragonfly {recipe.Name} of a few MB that describes procedural scenes: coloured shapes, and a small sign that only the zoom can read.
            It knows nothing else. For the demo, trials and tests.

            - Made by: `dotnet run -c Release --project tools/Train -- --recipe {recipe.Name} --out DIR{(state.Start is { } start ? $" --start {start}" : "")} --seed {state.Seed}`
            - Data: scenes of `tools/Scenes`, training seeds from {state.Seed} · 2²⁴ on, each seen once; the tokenizer is learnt from the scene language
            - Trained: {state.Steps:N0} steps on {state.Scenes:N0} scenes in {state.Seconds / 60:0} minutes{(state.Phase < recipe.Phases.Count ? $"; not finished, in phase \"{recipe.Phases[state.Phase].Name}\"" : "")}
            - Tower: {recipe.Vision.NumHiddenLayers - 1} layers of {recipe.Vision.HiddenSize} (and the published layout's last one, which is never run), crops of {recipe.Vision.ImageSize} pixels in patches of {recipe.Vision.PatchSize}
            - Language model: {recipe.Language.NumHiddenLayers} layers of {recipe.Language.HiddenSize}

            Loss at the end of training, on scenes it had not seen before: {last?.Loss:0.000}. Share of answers right to the last token, by kind:

            {(last is null ? "none measured" : string.Join('\n', last.Accuracies.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"- {pair.Key}: {pair.Value:0.0%}"))))}

            The run's curves are in `curves.csv` and `curves.png` beside the checkpoint's folder.
            """) + "\n";
    }
}
