using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Sampling;
using TorchSharp;

namespace Pipeline.Model.Verification;

/// <summary>The engine's network on some device and in some numbers, against the reference's float32 answers: all cases of a model in one batch, several tokens a step.</summary>
/// <remarks>
/// In float32 the tokens are the reference's. In narrower numbers answers soon part, so there each token is compared behind the reference's own ones.
/// </remarks>
internal static class PlacementChecks
{
    private const int TokensPerStep = 4;

    public static IReadOnlyList<CheckResult> Run(string root, string folder, EngineOptions options)
    {
        string version = Path.GetFileName(folder), modelFolder = Path.Combine(folder, "model");
        var checks = new CheckList(version);
        checks.Run("loading", () =>
        {
            Placement placement = PlacementReader.Read(modelFolder, options);
            if (placement.Device.type != DeviceType.CPU)
            {
                placement = placement with { UsesDeviceKernels = true };
            }

            ReferenceCase[] cases = [.. ReferenceVerifier.Files(Path.Combine(folder, "cases"), "*.json").Select(file => ReferenceCase.Read(root, file)).Where(one => one.IsAnswered)];
            DragonflyConfig config = CheckpointFolder.ReadConfig(modelFolder);
            using var batch = new CaseBatch(modelFolder, config, placement, cases);
            if (placement is { Type: torch.ScalarType.Float32, Quantization: Quantization.None })
            {
                Exact(checks, cases, batch);
            }
            else
            {
                Close(checks, cases, batch, placement);
            }
        });
        return checks.Results;
    }

    private static void Exact(CheckList checks, ReferenceCase[] cases, CaseBatch batch)
    {
        foreach ((ReferenceCase one, List<PickedToken> answer) in cases.Zip(batch.Greedy(TokensPerStep)))
        {
            ReferenceGeneration expected = one.Generation;
            PickedToken[] picked = [.. answer.Take(expected.Tokens.Length)];
            checks.Exact($"{one.Name}: greedy tokens", expected.Tokens, picked.Select(token => token.Id));
            checks.CloseNumbers($"{one.Name}: log-probabilities", expected.LogProbabilities, [.. picked.Select(token => (double)token.LogProbability)], Tolerances.LogProbabilities);
        }
    }

    /// <summary>How many of the reference's tokens are the likeliest here too, and how far the likeliest's log-probability lies from the reference's.</summary>
    private static void Close(CheckList checks, ReferenceCase[] cases, CaseBatch batch, Placement placement)
    {
        foreach ((ReferenceCase one, List<PickedToken> answer) in cases.Zip(batch.BehindReference()))
        {
            ReferenceGeneration expected = one.Generation;
            double[] apart = [.. answer.Select((token, i) => Math.Abs(token.LogProbability - expected.LogProbabilities[i]))];
            int same = answer.Index().Count(token => token.Item.Id == expected.Tokens[token.Index]);
            checks.Close($"{one.Name}: log-probability of the likeliest, mean of {apart.Length}", apart.Average(), Tolerances.Narrow(placement));
            checks.Close($"{one.Name}: likeliest tokens that are others, of {apart.Length}", apart.Length - same, Math.Ceiling(apart.Length * Tolerances.OtherTokens(placement)));
        }
    }
}
