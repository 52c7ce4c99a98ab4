using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Weights;

/// <summary>Opens the weights of a Dragonfly checkpoint, and no others.</summary>
public static class Checkpoint
{
    /// <summary>Exactly the tensors that the config asks for, each of the right shape.</summary>
    /// <exception cref="ModelLoadException">Lists every missing, unexpected and misshaped tensor, and every file that can't be read.</exception>
    public static WeightFiles Open(string folder, DragonflyConfig config)
    {
        WeightFiles weights = WeightFiles.Open(folder);
        List<string> faults = [.. Mismatches(config, weights.Tensors)];
        if (faults.Count == 0)
        {
            return weights;
        }

        weights.Dispose();
        throw new ModelLoadException(folder, faults);
    }

    private static IEnumerable<string> Mismatches(DragonflyConfig config, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        var expected = DragonflyParameters.Of(config);
        foreach (var (name, shape) in expected)
        {
            if (!tensors.TryGetValue(name, out StoredTensor? stored))
            {
                yield return $"tensor '{name}' is missing";
            }
            else if (!stored.Shape.AsSpan().SequenceEqual(shape))
            {
                yield return $"tensor '{name}' has shape [{string.Join(", ", stored.Shape)}], and the config asks for [{string.Join(", ", shape)}]";
            }
        }

        foreach (string name in tensors.Keys.Where(name => !expected.ContainsKey(name) && !DragonflyParameters.IsIgnored(name)).Order(StringComparer.Ordinal))
        {
            // Tied checkpoints of some writers hold the head as well.
            if (!(name == DragonflyParameters.LanguageHead && config.Language.TieWordEmbeddings))
            {
                yield return $"tensor '{name}' is unexpected";
            }
        }
    }
}
