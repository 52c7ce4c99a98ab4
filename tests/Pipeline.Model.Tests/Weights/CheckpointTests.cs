using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    public CheckpointTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Shards_hold_the_same_tensors_as_one_file()
    {
        string single = ReferenceData.Folder("golden", "v2", "model"), sharded = ReferenceData.Folder("golden", "v2-sharded");
        DragonflyConfig config = CheckpointFolder.ReadConfig(single);
        using WeightFiles left = Checkpoint.Open(single, config), right = Checkpoint.Open(sharded, CheckpointFolder.ReadConfig(sharded));
        using DisposeScope scope = NewDisposeScope();

        Assert.All(DragonflyParameters.Of(config).Keys, name =>
            Assert.True(left.Read(name, ScalarType.Float32, CPU).equal(right.Read(name, ScalarType.Float32, CPU)).all().item<bool>(), name));
    }

    [Fact]
    public void Missing_unexpected_and_misshaped_tensors_are_listed_together()
    {
        Rewrite(tensors =>
        {
            tensors.Remove("vision_embed_tokens.bias");
            tensors["surprise"] = zeros(3);
            tensors["language_model.model.norm.weight"] = zeros(7);
        });

        Assert.Equal(
            [
                "tensor 'language_model.model.norm.weight' has shape [7], and the config asks for [128]",
                "tensor 'vision_embed_tokens.bias' is missing",
                "tensor 'surprise' is unexpected",
            ],
            Faults());
    }

    [Fact]
    public void Buffers_of_older_versions_are_ignored()
    {
        Rewrite(tensors =>
        {
            tensors["language_model.model.layers.0.self_attn.rotary_emb.inv_freq"] = zeros(16);
            tensors["image_encoder.vision_model.embeddings.position_ids"] = zeros(65);
        });

        Checkpoint.Open(_checkpoint.Folder, CheckpointFolder.ReadConfig(_checkpoint.Folder)).Dispose();
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_lacks()
    {
        File.Delete(_checkpoint.PathOf("model.safetensors"));

        Assert.Contains("neither model.safetensors nor pytorch_model.bin", Assert.Single(Faults()));
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        File.Delete(_checkpoint.PathOf("model.safetensors"));
        File.WriteAllText(_checkpoint.PathOf("model.safetensors.index.json"), """{"weight_map": {"a": "model-00001-of-00001.safetensors", "b": "../x.safetensors"}}""");

        Assert.Collection(
            Faults(),
            fault => Assert.Contains("'../x.safetensors', which is not a file beside it", fault),
            fault => Assert.Contains("'model-00001-of-00001.safetensors', which", fault));
    }

    [Theory]
    [InlineData(4, "shorter than the 8 bytes")]
    [InlineData(1_000, "its header claims")]
    [InlineData(1_000_000, "lies at bytes")]
    public void A_truncated_file_is_refused(int bytes, string words)
    {
        using (FileStream file = File.OpenWrite(_checkpoint.PathOf("model.safetensors")))
        {
            file.SetLength(bytes);
        }

        Assert.Contains(words, Assert.Single(Faults()));
    }

    public void Dispose() => _checkpoint.Dispose();

    private IReadOnlyList<string> Faults() =>
        Assert.Throws<ModelLoadException>(() => Checkpoint.Open(_checkpoint.Folder, CheckpointFolder.ReadConfig(_checkpoint.Folder))).Faults;

    private void Rewrite(Action<Dictionary<string, Tensor>> change)
    {
        using DisposeScope scope = NewDisposeScope();
        string path = _checkpoint.PathOf("model.safetensors");
        Dictionary<string, Tensor> tensors;
        using (var file = WeightFile.Open(path))
        {
            tensors = file.Tensors.Keys.ToDictionary(name => name, name => file.Read(name).clone());
        }

        change(tensors);
        SafetensorsWriter.Write(path, tensors);
    }
}
