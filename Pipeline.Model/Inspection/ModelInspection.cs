using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Inspection;

/// <summary>What a checkpoint folder holds, read without loading a weight, and everything that would stop it from loading.</summary>
public sealed record ModelInspection
{
    /// <summary>Null where the configs can't be read.</summary>
    public DragonflyConfig? Config { get; private init; }

    /// <summary>Numbers in all tensors that the config asks for.</summary>
    public long Parameters { get; private init; }

    /// <summary>Element types of the stored tensors, most parameters first; empty where the weights can't be read.</summary>
    public IReadOnlyList<string> StoredTypes { get; private init; } = [];

    /// <summary>Entries and special tokens of the tokenizer; null where it can't be read.</summary>
    public int? TokenizerEntries { get; private init; }

    /// <summary>Tokens that end an answer, with their ids.</summary>
    public IReadOnlyList<string> StopTokens { get; private init; } = [];

    /// <summary>Everything that would stop the folder from loading; empty where nothing would.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    /// <summary>Bytes of the weights in an element type.</summary>
    /// <param name="bytesPerElement">4 for float32, 2 for bfloat16.</param>
    public long WeightBytes(int bytesPerElement) => Parameters * bytesPerElement;

    /// <summary>Bytes of keys and values of one position.</summary>
    /// <param name="bytesPerElement">4 for float32, 2 for bfloat16.</param>
    public long KvBytesPerToken(int bytesPerElement) => Config is { } config
        ? 2L * config.Language.NumHiddenLayers * config.Language.NumKeyValueHeads * config.Language.HeadDim * bytesPerElement
        : 0;

    /// <summary>Sequences of a length whose keys and values fit beside the weights; activations take some of it.</summary>
    /// <param name="memoryBytes">Of the device.</param>
    /// <param name="positions">Of one sequence: image, prompt and answer.</param>
    /// <param name="bytesPerElement">4 for float32, 2 for bfloat16.</param>
    public long SequencesThatFit(long memoryBytes, int positions, int bytesPerElement) =>
        Math.Max(0, memoryBytes - WeightBytes(bytesPerElement)) / Math.Max(1, KvBytesPerToken(bytesPerElement) * positions);

    /// <summary>Looks into a folder; what is wrong with it is listed, not thrown.</summary>
    public static ModelInspection Of(string folder)
    {
        TorchRuntime.EnsureLoaded();
        List<string> faults = [];
        DragonflyConfig? config = Try(() => CheckpointFolder.ReadConfig(folder), faults);
        DragonflyTokenizer? tokenizer = Try(() => DragonflyTokenizer.Load(folder), faults);
        SpecialTokens? special = tokenizer is null ? null : Try(() => SpecialTokens.Of(tokenizer), faults);
        if (config is not null && tokenizer is not null && tokenizer.VocabularySize > config.Language.VocabSize)
        {
            faults.Add($"the tokenizer has {tokenizer.VocabularySize} entries, and the model {config.Language.VocabSize}");
        }

        return new ModelInspection
        {
            Config = config,
            Parameters = config is null ? 0 : DragonflyParameters.Of(config).Values.Sum(Elements),
            StoredTypes = StoredTypesOf(folder, config, faults),
            TokenizerEntries = tokenizer?.VocabularySize,
            StopTokens = special is null ? [] : [$"<|begin_of_text|> ({special.Begin})", $"<|eot_id|> ({special.EndOfTurn})"],
            Faults = faults,
        };
    }

    private static List<string> StoredTypesOf(string folder, DragonflyConfig? config, List<string> faults)
    {
        using WeightFiles? weights = Try(() => config is null ? WeightFiles.Open(folder) : Checkpoint.Open(folder, config), faults);
        return weights is null
            ? []
            : [.. weights.Tensors.Values.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => Elements(tensor.Shape))).Select(group => NameOf(group.Key))];
    }

    private static long Elements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => "float32",
        ScalarType.Float16 => "float16",
        ScalarType.BFloat16 => "bfloat16",
        _ => type.ToString(),
    };

    private static T? Try<T>(Func<T> read, List<string> faults)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ModelLoadException e)
        {
            faults.AddRange(e.Faults);
        }
        catch (InvalidDataException e)
        {
            faults.Add(e.Message);
        }

        return null;
    }
}
