using Pipeline.Model.Configuration;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Loads a checkpoint in a process of its own, and measures the anonymous memory that this takes. Pages of mapped files are not anonymous.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    /// <summary>Beyond the weights: rotary tables, the runtime's and the allocators' own. A copy of one layer's stacked projection would take 30 MB.</summary>
    private const long Allowance = 8 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("memory");

    [Theory]
    [InlineData("F32", "safetensors", ScalarType.Float32)]
    [InlineData("BF16", "safetensors", ScalarType.Float32)]
    [InlineData("BF16", "safetensors", ScalarType.BFloat16)]
    [InlineData("F32", "safetensors", ScalarType.BFloat16)]
    [InlineData("BF16", "bin", ScalarType.Float32)]
    public async Task Loading_takes_the_memory_of_the_weights_and_no_more(string stored, string form, ScalarType type)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "RssAnon is Linux's.");
        DragonflyConfig config = WriteCheckpoint(stored == "F32" ? ScalarType.Float32 : ScalarType.BFloat16, form);
        long weights = DragonflyParameters.Of(config).Values.Sum(TensorLayout.Elements) * type.ElementSize();

        long growth = await LoadingProcess.MeasureAsync(_folder.FullName, type, TestContext.Current.CancellationToken);

        TestContext.Current.SendDiagnosticMessage($"{stored} {form} as {type}: weights of {weights:N0} bytes, {growth:N0} bytes of anonymous memory at the peak");
        Assert.InRange(growth, weights / 10, weights + Allowance);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>70 million parameters, most of them in projections that are stacked.</summary>
    private DragonflyConfig WriteCheckpoint(ScalarType type, string form)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), """
            {"model_type": "dragonfly", "image_encoder": "clip", "dragonfly_version": 2, "text_config": {"vocab_size": 4000, "hidden_size": 1024,
             "intermediate_size": 3584, "num_hidden_layers": 5, "num_attention_heads": 8, "num_key_value_heads": 2}}
            """);
        File.WriteAllText(Directory.CreateDirectory(Path.Combine(_folder.FullName, "clip")) + "/config.json", """
            {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3, "num_attention_heads": 2, "image_size": 32, "patch_size": 4}
            """);
        RandomCheckpoint.Write(_folder.FullName, seed: 1, type);
        if (form == "bin")
        {
            string safetensors = Path.Combine(_folder.FullName, "model.safetensors");
            using (var file = WeightFile.Open(safetensors))
            using (NewDisposeScope())
            {
                TorchArchiveWriter.Write(Path.Combine(_folder.FullName, "pytorch_model.bin"), file.Tensors.Keys.ToDictionary(name => name, file.Read));
            }

            File.Delete(safetensors);
        }

        return CheckpointFolder.ReadConfig(_folder.FullName);
    }
}
