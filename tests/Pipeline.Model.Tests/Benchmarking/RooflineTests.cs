using Pipeline.Model.Benchmarking;
using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.TestServers;
using TorchSharp;

namespace Pipeline.Model.Tests.Benchmarking;

/// <summary>The published shapes on an H100: bfloat16, 64 captions of 100 tokens at a time, each of another image.</summary>
public sealed class RooflineTests
{
    private const int Images = 64, Tokens = 100;

    private static readonly Placement s_bfloat16 = Placement.Cpu with { Type = torch.ScalarType.BFloat16 };

    /// <summary>Milliseconds an image and images a second, worked out by hand: products at 790 TFLOP/s; steps that each read 15.0 GB of weights and 131,072 bytes a position, at 3.0 TB/s.</summary>
    [Theory]
    [InlineData(1, 0.3, 16.7, 12.1, 34.4)]
    [InlineData(2, 19.0, 39.7, 17.5, 13.1)]
    public void Images_a_second_of_an_H100(int version, double vision, double prefill, double decode, double imagesPerSecond)
    {
        DragonflyConfig config = Published(version);
        TextLength text = new(Prompt: 60, Tokens);
        StageFlops image = new FlopCounter(config).Image([text], prefixShared: true);
        double bytes = Roofline.BytesPerStep(config, DecodeShape.Of([text], Images), s_bfloat16);
        const double StepsPerImage = (Tokens - 1.0) / Images;

        Assert.Equal(vision, Milliseconds(image with { ImagePrefill = 0, TextPrefill = 0, Decode = 0 }, steps: 0), 0.05);
        Assert.Equal(prefill, Milliseconds(image with { Vision = 0, Decode = 0 }, steps: 0), 0.1);
        Assert.Equal(decode, Milliseconds(image with { Vision = 0, ImagePrefill = 0, TextPrefill = 0 }, StepsPerImage), 0.3);
        Assert.Equal(imagesPerSecond, 1e3 / Milliseconds(image, StepsPerImage), 0.01 * imagesPerSecond);

        double Milliseconds(StageFlops needed, double steps) => 1e3 * Roofline.H100.Seconds(needed, steps, bytes);
    }

    [Fact]
    public void A_step_reads_weights_once_and_the_positions_of_images_and_texts()
    {
        const double Layers = 32.0 * 4_096 * ((2 * 4_096) + (2 * 1_024) + (3 * 14_336)), Head = 4_096.0 * 128_256, Position = 2 * 32 * 1_024;
        DecodeShape shape = new(Sequences: 10, Images: 2, TextPositions: 50);
        const double Positions = (2 * 2_098) + (10 * 50);

        Assert.Equal(2 * (Layers + Head + (Positions * Position)), Roofline.BytesPerStep(Published(2), shape, s_bfloat16));
        Assert.Equal(Layers + (2 * (Head + (Positions * Position))), Roofline.BytesPerStep(Published(2), shape, s_bfloat16 with { Quantization = Quantization.Int8 }));
    }

    [Fact]
    public void Decode_takes_what_its_bytes_or_its_products_take_whichever_is_longer()
    {
        StageFlops needed = new(Vision: 2, ImagePrefill: 3, TextPrefill: 5, Decode: 20);

        Assert.Equal(1 + 4, new Roofline(GemmRate: 10, Bandwidth: 100).Seconds(needed, steps: 4, bytesPerStep: 100));
        Assert.Equal(1 + 2, new Roofline(GemmRate: 10, Bandwidth: 1_000).Seconds(needed, steps: 4, bytesPerStep: 100));
    }

    [Fact]
    public void Only_the_published_shapes_are_set_beside_an_H100()
    {
        DragonflyConfig config = Published(2);

        Assert.True(Roofline.IsOfH100(config));
        Assert.False(Roofline.IsOfH100(config with { Language = config.Language with { NumHiddenLayers = 8 } }));
    }

    private static DragonflyConfig Published(int version) => CheckpointFolder.ReadConfig(Path.Combine(Repository.Root, "benchmarks", "configs", $"dragonfly-8b-v{version}"));
}
