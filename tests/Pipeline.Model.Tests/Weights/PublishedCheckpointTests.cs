using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Weights;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Names and shapes of the published 8B checkpoints, built from configs as the training script writes them, without weights.</summary>
public sealed class PublishedCheckpointTests : IDisposable
{
    /// <summary>32 layers, 4,096 wide, MLP of 14,336, 8 KV heads of 128, 128,256 words in and out.</summary>
    private const long Llama8B = (2L * 128_256 * 4_096) + (32L * ((2 * 4_096 * 4_096) + (2 * 1_024 * 4_096) + (3 * 14_336 * 4_096) + (2 * 4_096))) + 4_096;

    /// <summary>12 layers, 768 wide, MLP of 3,072, 50 positions, patches of 32 × 32; the last layer and the post norm, which are never run, count.</summary>
    private const long VisionBase = (12L * ((4 * ((768 * 768) + 768)) + (2 * 768 * 3_072) + 3_072 + 768 + (4 * 768))) + (768 * 3 * 32 * 32) + (50 * 768)
        + (5 * 768);

    /// <summary>24 layers, 1,024 wide, MLP of 4,096, 577 positions, patches of 14 × 14.</summary>
    private const long VisionLarge = (24L * ((4 * ((1_024 * 1_024) + 1_024)) + (2 * 1_024 * 4_096) + 4_096 + 1_024 + (4 * 1_024))) + (1_024 * 3 * 14 * 14) + (577 * 1_024)
        + (5 * 1_024);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("published");

    [Theory]
    [InlineData("Llama-3-8B-Dragonfly-v1", "openai/clip-vit-base-patch32", DragonflyVersion.V1, Llama8B + VisionBase + (768 * 4_096) + 4_096, 8_120_867_072)]
    [InlineData("Llama-3-8B-Dragonfly-Med-v1", "openai/clip-vit-base-patch32", DragonflyVersion.V1, Llama8B + VisionBase + (768 * 4_096) + 4_096, 8_120_867_072)]
    [InlineData("Llama-3.1-8B-Dragonfly-v2", "openai/clip-vit-large-patch14-336", DragonflyVersion.V2, Llama8B + VisionLarge + (1_024 * 4_096) + 4_096, 8_337_967_104)]
    [InlineData("Llama-3.1-8B-Dragonfly-Med-v2", "openai/clip-vit-large-patch14-336", DragonflyVersion.V2, Llama8B + VisionLarge + (1_024 * 4_096) + 4_096, 8_337_967_104)]
    public void Sorted_names_and_shapes_are_the_approved_ones(string checkpoint, string tower, DragonflyVersion version, long computed, long total)
    {
        DragonflyConfig config = Read(ConfigOf(tower));
        string approved = Path.Combine(Repository.Root, "tests", "Pipeline.Model.Tests", "Weights", "Approved", $"{checkpoint}.txt");
        var parameters = DragonflyParameters.Of(config);

        Assert.Equal(version, config.Version);
        Assert.Equal(File.ReadAllLines(approved), parameters.Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value)}]"));
        Assert.Equal(total, computed);
        Assert.Equal(total, parameters.Values.Sum(shape => shape.Aggregate(1L, (product, size) => product * size)));
    }

    [Theory]
    [InlineData("v1", "openai/clip-vit-base-patch32")]
    [InlineData("v2", "openai/clip-vit-large-patch14-336")]
    public void A_diff_and_a_full_config_are_the_same_model(string version, string tower)
    {
        DragonflyConfig full = Read(Fact($"{version}_config_full_no_diff.json")), diff = Read(Fact($"{version}_config_as_training_script_writes.json"));

        Assert.Null(diff.Language.ExplicitHeadDim);
        Assert.Equal(full, diff with { Language = diff.Language with { ExplicitHeadDim = 128 } });
        Assert.Equal(diff, Read(ConfigOf(tower)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private DragonflyConfig Read(string json)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), json);
        return CheckpointFolder.ReadConfig(_folder.FullName);
    }

    private static string Fact(string file) => File.ReadAllText(ReferenceData.Folder("golden", "facts", file));

    private static string ConfigOf(string tower) => JsonSerializer.Serialize(new
    {
        model_type = "dragonfly",
        image_encoder = tower,
        text_config = new
        {
            intermediate_size = 14_336,
            max_position_embeddings = 8_192,
            model_type = "llama",
            num_key_value_heads = 8,
            rms_norm_eps = 1e-5,
            rope_theta = 500_000.0,
            vocab_size = 128_256,
        },
    });
}
