using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Model.Configuration;
using Pipeline.Model.Inspection;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline model inspect FOLDER</c>.</summary>
internal static class ModelCommand
{
    private const double Gigabyte = 1e9;
    private const int TextPositions = 256;

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A checkpoint folder in Hugging Face layout." };
        var memory = new Option<double>("--memory")
        {
            Description = "Memory of the device in GB (10⁹ bytes), to say how many sequences fit.",
            DefaultValueFactory = _ => 80,
        };
        var inspect = new Command("inspect", "Show what a checkpoint is and what it takes, and everything that would stop it from loading.") { folder, memory };
        inspect.SetAction(parsed => Inspect(terminal, parsed.GetRequiredValue(folder), parsed.GetValue(memory)));
        return new Command("model", "Look at checkpoints.") { inspect };
    }

    private static int Inspect(Terminal terminal, string folder, double memory)
    {
        var model = ModelInspection.Of(Path.GetFullPath(folder));
        if (model.Config is not null)
        {
            Describe(terminal, model, memory);
        }

        if (model.Faults.Count == 0)
        {
            terminal.Line("It loads.");
            return ExitCode.Success;
        }

        terminal.Fail([$"{model.Faults.Count} fault(s) would stop '{folder}' from loading:", .. model.Faults]);
        return ExitCode.Failure;
    }

    private static void Describe(Terminal terminal, ModelInspection model, double memory)
    {
        var config = model.Config!;
        var (vision, language) = (config.Vision, config.Language);
        terminal.Line($"version          {(int)config.Version} ({(config.Version == DragonflyVersion.V1 ? "zoom-in selection" : "zoom-in pooling")})");
        terminal.Line($"vision tower     {vision.NumHiddenLayers} layers of {vision.HiddenSize}, {vision.NumAttentionHeads} heads, crops of {vision.ImageSize} px in patches of {vision.PatchSize}");
        terminal.Line($"language model   {language.NumHiddenLayers} layers of {language.HiddenSize}, {language.NumAttentionHeads} heads, {language.NumKeyValueHeads} for keys and values, vocabulary {language.VocabSize:N0}");
        terminal.Line($"rope             theta {language.RopeTheta:N0}, scaling {language.RopeScaling?.Kind ?? "none"}, context {language.MaxPositionEmbeddings:N0}");
        terminal.Line($"parameters       {model.Parameters:N0}, stored as {(model.StoredTypes.Count > 0 ? string.Join(" and ", model.StoredTypes) : "unknown")}");
        terminal.Line($"image            {config.Crops} crops, {config.ImagePositions:N0} positions of every prompt");
        foreach (var (name, bytes) in ((string, int)[])[("float32", 4), ("bfloat16", 2)])
        {
            int positions = config.ImagePositions + TextPositions;
            terminal.Line(
                $"memory, {name,-8} weights {model.WeightBytes(bytes) / Gigabyte:N2} GB, KV {model.KvBytesPerToken(bytes):N0} bytes a position, {model.KvBytesPerToken(bytes) * (double)positions / 1e6:N1} MB a sequence of "
                + $"{positions:N0}: {model.SequencesThatFit((long)(memory * Gigabyte), positions, bytes):N0} sequences fit {memory:N0} GB beside the weights, activations not counted");
        }

        terminal.Line($"tokenizer        {(model.TokenizerEntries is { } entries ? $"{entries:N0} entries" : "unreadable")}, stops at {string.Join(" and ", model.StopTokens)}");
    }
}
