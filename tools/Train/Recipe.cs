using Pipeline.Model.Configuration;
using Scenes;

namespace Train;

/// <summary>A model and how it is trained.</summary>
internal sealed record Recipe
{
    public static IReadOnlyList<string> Names { get; } = ["v1", "v2"];

    public required string Name { get; init; }

    public required DragonflyVersion Version { get; init; }

    public required ClipVisionConfig Vision { get; init; }

    /// <summary>The vocabulary is the tokenizer's.</summary>
    public required LlamaConfig Language { get; init; }

    /// <summary>One after the other.</summary>
    public required IReadOnlyList<Phase> Phases { get; init; }

    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Gradients are clipped to this norm.</summary>
    public double MaxNorm { get; init; } = 1;

    public static Recipe Of(string name) => name switch
    {
        // Best from v2's weights (--start), which see and talk already: crops are cut otherwise, and choosing among them is to be learnt.
        "v1" => Create(name, DragonflyVersion.V1,
        [
            Crops(1_500) with { Rate = 1e-3 },
            AllScenes(2_500),
        ]),
        // Most of the time 10 of the 41 crops are enough: the sign's, and some without it.
        "v2" => Create(name, DragonflyVersion.V2,
        [
            Crops(4_000),
            EasyScenes(1_500) with { ShownCrops = 10 },
            LowCrop(500),
            AllScenes(6_500) with { ShownCrops = 10, FinalRate = 0.3 },
            AllScenes(600) with { Name = "all crops", Rate = 3e-4 },
        ]),
        _ => throw new ArgumentException($"There is no recipe '{name}'; there are {string.Join(" and ", Names)}.", nameof(name)),
    };

    private static Phase Crops(int steps) => new()
    {
        Name = "crops",
        IsOnCrops = true,
        Steps = steps,
        Batch = 16,
        Rate = 1.5e-3,
        Scenes = new SceneOptions { SignShare = 1, StraddlingShare = 0.1 },
    };

    private static Phase LowCrop(int steps) => new()
    {
        Name = "low crop",
        Steps = steps,
        Batch = 8,
        Rate = 8e-4,
        VisionRate = 0.3,
        FinalRate = 0.5,
        ShownCrops = 1,
        Scenes = new SceneOptions { SignShare = 0, VeryWideShare = 0 },
    };

    private static Phase EasyScenes(int steps) => new()
    {
        Name = "easy scenes",
        Steps = steps,
        Batch = 8,
        Rate = 1.5e-3,
        VisionRate = 0.3,
        FinalRate = 0.5,
        Scenes = new SceneOptions { MinObjects = 2, MaxObjects = 3, StraddlingShare = 0.1, VeryWideShare = 0 },
    };

    private static Phase AllScenes(int steps) => new()
    {
        Name = "all scenes",
        Steps = steps,
        Batch = 8,
        Rate = 7e-4,
        VisionRate = 0.3,
        Scenes = new SceneOptions(),
    };

    private static Recipe Create(string name, DragonflyVersion version, IReadOnlyList<Phase> phases) => new()
    {
        Name = name,
        Version = version,
        Vision = new ClipVisionConfig { HiddenSize = 96, IntermediateSize = 384, NumHiddenLayers = 4, NumAttentionHeads = 4, ImageSize = 32, PatchSize = 8 },
        Language = new LlamaConfig
        {
            HiddenSize = 128,
            IntermediateSize = 352,
            NumHiddenLayers = 4,
            NumAttentionHeads = 4,
            KeyValueHeads = 2,
            MaxPositionEmbeddings = 4_096,
            RmsNormEps = 1e-5,
            RopeTheta = 10_000,
        },
        Phases = phases,
    };
}

/// <summary>A part of the training.</summary>
internal sealed record Phase
{
    public required string Name { get; init; }

    /// <summary>Vision tower and projection alone, on crops; else everything, on images and their turns.</summary>
    public bool IsOnCrops { get; init; }

    /// <summary>Of the optimizer.</summary>
    public required int Steps { get; init; }

    /// <summary>Scenes a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Highest learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>Of the vision tower and the projection, as a share of <see cref="Rate"/>: they are trained already.</summary>
    public double VisionRate { get; init; } = 1;

    /// <summary>Last rate, as a share of the highest.</summary>
    public double FinalRate { get; init; } = 0.05;

    public required SceneOptions Scenes { get; init; }

    /// <summary>Crops of an image that are shown; null: all. The others leave gaps in the positions.</summary>
    public int? ShownCrops { get; init; }

    /// <summary>A phase on crops ends early once this share of the tokens on objects, and <see cref="SignGate"/> of the signs, is right.</summary>
    public double ObjectGate { get; init; } = 0.97;

    public double SignGate { get; init; } = 0.97;
}
