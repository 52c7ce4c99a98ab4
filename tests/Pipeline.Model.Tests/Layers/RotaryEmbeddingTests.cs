using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Layers;

public sealed class RotaryEmbeddingTests
{
    public RotaryEmbeddingTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData("llama_plain")]
    [InlineData("llama_rope_linear")]
    [InlineData("llama_rope_llama3")]
    [InlineData("llama_head_dim_bias")]
    public void Inverse_frequencies_are_the_references(string tower)
    {
        using DisposeScope scope = NewDisposeScope();
        LlamaConfig config = CheckpointFolder.ReadLanguage(ReferenceData.Folder("golden", "towers", tower, "config.json"));
        using var tensors = WeightFile.Open(ReferenceData.Folder("golden", "towers", $"{tower}.safetensors"));

        Tensor actual = RotaryEmbedding.InverseFrequencies(config);

        Tensor expected = tensors.Read("inv_freq");
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange(((expected - actual).abs() / expected).max().item<float>(), 0, 1e-6f);
    }
}
