using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Native;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Verification;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Golden;

/// <summary>Fidelity to the reference, provable in a clone without the reference data: see Excerpt/README.md.</summary>
public sealed class ExcerptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("excerpt");

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Crops_selection_and_greedy_tokens_are_the_references(string version)
    {
        TorchRuntime.EnsureLoaded();
        string folder = _folder.FullName;
        GoldenExcerpt.Unpack(version, folder);
        JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json"))).RootElement;
        DragonflyConfig config = CheckpointFolder.ReadConfig(folder);
        ImageCrops crops = new ImageProcessor(config.Version, config.Vision.ImageSize).Process(File.ReadAllBytes(GoldenExcerpt.Image));
        using var model = new DragonflyModel(Checkpoint.Open(folder, config), config, maxModelLen: 2_300, ScalarType.Float32, CPU);
        using KvCache cache = model.CreateCache();
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var session = new ImageSession(model, new SpecialTokens(Begin: 1000, Placeholder: 1002, Newline: 1003, EndOfTurn: 1009), cache);

        session.Start(crops);
        int[] expected = Numbers(golden, "tokens");
        var (tokens, _) = session.Generate(Numbers(golden, "prompt_token_ids"), expected.Length, TestContext.Current.CancellationToken);

        Assert.Equal(golden.GetProperty("crop_sha256").EnumerateArray().Select(hash => hash.GetString()), Hashes(crops));
        Assert.Equal(expected, tokens);
        using var runner = new ModelRunner(
            Checkpoint.Open(folder, config), config, newline: 1003, new KvLayout(ImageSlots: 1, Blocks: 8), maxModelLen: 2_300, Placement.Cpu);
        Assert.Equal(expected, RunnerAnswer.Greedy(runner, crops, Numbers(golden, "prompt_token_ids"), expected.Length).Select(token => token.Id));
        if (version == "v1")
        {
            Assert.Equal(Numbers(golden, "selected_high_crops_sorted"), model.Encode(crops).KeptHighCrops);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Hashes(ImageCrops crops)
    {
        int bytes = crops.Size * crops.Size * 3;
        return Enumerable.Range(0, crops.Count).Select(crop => Convert.ToHexStringLower(SHA256.HashData(crops.Pixels.AsSpan(crop * bytes, bytes))));
    }

    private static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
