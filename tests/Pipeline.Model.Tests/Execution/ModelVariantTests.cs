using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Verification;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

/// <summary>Whatever a config may say, the tuned path computes what the plain one does.</summary>
public sealed class ModelVariantTests : IDisposable
{
    private const string Sizes = "\"num_attention_heads\": 4,\n    \"num_key_value_heads\": 2,";

    private readonly TinyCheckpoint _checkpoint = new();

    [Theory]
    [InlineData("\"attention_bias\": true, \"mlp_bias\": true,", Sizes)]
    [InlineData("\"head_dim\": 48,", Sizes)]
    [InlineData("", "\"num_attention_heads\": 4,\n    \"num_key_value_heads\": 4,")]
    [InlineData("", "\"num_attention_heads\": 4,\n    \"num_key_value_heads\": 1,")]
    [InlineData("\"tie_word_embeddings\": true,", Sizes)]
    [InlineData("\"rope_scaling\": { \"rope_type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 128 },", Sizes)]
    public void Language_models(string more, string sizes)
    {
        _checkpoint.Edit("config.json", Sizes, more + sizes);

        AssertSame();
    }

    [Theory]
    [InlineData("gelu", 8, 64)]
    [InlineData("gelu", 16, 72)] // pixels beyond the last whole patch are not used
    [InlineData("quick_gelu", 16, 72)]
    public void Vision_towers(string activation, int patch, int size)
    {
        string clip = Path.Combine("clip-tiny", "config.json");
        _checkpoint.Edit(clip, "\"quick_gelu\"", $"\"{activation}\"");
        _checkpoint.Edit(clip, "\"patch_size\": 8", $"\"patch_size\": {patch}");
        _checkpoint.Edit(clip, "\"image_size\": 32", $"\"image_size\": {size}");

        AssertSame();
    }

    [Fact]
    public void Version_1()
    {
        _checkpoint.Edit("config.json", "\"dragonfly_version\": 2", "\"dragonfly_version\": 1");

        AssertSame();
    }

    public void Dispose() => _checkpoint.Dispose();

    private void AssertSame()
    {
        RandomCheckpoint.Write(_checkpoint.Folder, seed: 1, ScalarType.Float32);
        RandomizeBiases();
        using var loaded = new LoadedModel(_checkpoint.Folder);
        ImageCrops image = TestCrops.Random(loaded.Config, new Random(5));
        int[] prompt = [.. Enumerable.Range(30, 21)];

        IReadOnlyList<double> tuned = [.. RunnerAnswer.Greedy(loaded.Runner, image, prompt, 20).Select(token => (double)token.LogProbability)];

        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        ImageSession oracle = loaded.Session();
        oracle.Start(image);
        IReadOnlyList<double> plain = oracle.Generate(prompt, 20, CancellationToken.None, isStop: _ => false).LogProbabilities;
        Assert.All(plain.Zip(tuned), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    /// <summary>Random checkpoints have none, and a forgotten bias must show.</summary>
    private void RandomizeBiases()
    {
        string file = _checkpoint.PathOf("model.safetensors"), changed = _checkpoint.PathOf("changed.safetensors");
        using (DisposeScope scope = NewDisposeScope())
        using (var files = WeightFiles.Open(_checkpoint.Folder))
        using (var generator = new Generator(2))
        {
            SafetensorsWriter.Write(changed, files.Tensors.Keys.ToDictionary(
                name => name,
                name => name.EndsWith(".bias", StringComparison.Ordinal)
                    ? randn(files.Tensors[name].Shape, generator: generator).mul_(0.1)
                    : files.Read(name, ScalarType.Float32, CPU)));
        }

        File.Move(changed, file, overwrite: true);
    }
}
