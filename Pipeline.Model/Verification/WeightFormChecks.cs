using Pipeline.Model.Configuration;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>The same weights in another form (shards, bfloat16, PyTorch's own files) are the same tensors.</summary>
internal static class WeightFormChecks
{
    public static IReadOnlyList<CheckResult> Run(string name, string folder, string originalFolder)
    {
        var checks = new CheckList(name);
        checks.Run("loading", () =>
        {
            DragonflyConfig config = CheckpointFolder.ReadConfig(folder);
            using WeightFiles weights = Checkpoint.Open(folder, config), original = Checkpoint.Open(originalFolder, config);
            checks.Exact("parameters", DragonflyParameters.Of(config).Keys, weights.Tensors.Keys.Where(key => !DragonflyParameters.IsIgnored(key)).Order(StringComparer.Ordinal));
            double largest = 0;
            foreach (string key in DragonflyParameters.Of(config).Keys)
            {
                using DisposeScope scope = NewDisposeScope();
                ScalarType type = weights.Tensors[key].Type;
                Tensor expected = original.Read(key, type, CPU).to(ScalarType.Float64), actual = weights.Read(key, type, CPU).to(ScalarType.Float64);
                double difference = expected.sub_(actual).abs_().max().item<double>();
                largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
            }

            checks.Close("tensors", largest, 0);
        });
        return checks.Results;
    }
}
