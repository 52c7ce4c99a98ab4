using System.Globalization;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Configuration;

namespace Pipeline.Model.Tests.Benchmarking;

/// <summary>The reference's speed table, rows "needed", to its last printed digit.</summary>
public sealed class FlopCounterTests
{
    private static readonly TextLength[] s_caption = [new(39, 32)];
    private static readonly TextLength[] s_questions = [new(27, 4), new(24, 4), new(24, 4), new(25, 4), new(25, 4)];

    /// <summary>GFLOP of vision and projection, prefill of image and text, decode, and their sum.</summary>
    [Theory]
    [InlineData(2, "caption", false, "263.6", "133.8", "2.6", "400.0")]
    [InlineData(2, "questions", false, "1,317.9", "663.3", "1.3", "1,982.5")]
    [InlineData(2, "questions", true, "263.6", "140.7", "1.3", "405.5")]
    [InlineData(1, "caption", false, "14.4", "47.6", "2.0", "64.0")]
    [InlineData(1, "questions", false, "71.9", "233.7", "1.0", "306.7")]
    [InlineData(1, "questions", true, "14.4", "52.7", "1.0", "68.1")]
    public void What_is_needed_is_what_the_reference_table_says(
        int version, string workload, bool shared, string vision, string prefill, string decode, string sum)
    {
        StageFlops flops = new FlopCounter(Mid(version)).Image(workload == "caption" ? s_caption : s_questions, shared);

        Assert.Equal([vision, prefill, decode, sum], [Print(flops.Vision), Print(flops.ImagePrefill + flops.TextPrefill), Print(flops.Decode), Print(flops.Total)]);
    }

    [Fact]
    public void One_prompt_has_nothing_to_share()
    {
        FlopCounter counter = new(Mid(1));

        Assert.Equal(counter.Image(s_caption, prefixShared: false), counter.Image(s_caption, prefixShared: true));
    }

    [Fact]
    public void An_answer_of_one_token_is_all_prefill() =>
        Assert.Equal(0, new FlopCounter(Mid(2)).Image([new TextLength(25, 1)], prefixShared: true).Decode);

    [Theory]
    [InlineData(1, 867)]
    [InlineData(2, 2_098)]
    public void The_geometry_is_the_reference_tables(int version, int imagePositions) => Assert.Equal(imagePositions, Mid(version).ImagePositions);

    [Theory]
    [InlineData(2, "caption", 0.65)]
    [InlineData(1, "questions", 0.50)]
    public void The_measured_geometries_have_a_reference(int version, string workload, double target) =>
        Assert.Equal(target, ReferenceSpeed.Of(Mid(version), workload)!.Target);

    [Fact]
    public void Other_geometries_and_workloads_have_none()
    {
        DragonflyConfig config = Mid(2);

        Assert.Null(ReferenceSpeed.Of(config, "mixed"));
        Assert.Null(ReferenceSpeed.Of(config with { Language = config.Language with { NumHiddenLayers = 9 } }, "caption"));
        Assert.Null(ReferenceSpeed.Of(config with { Vision = config.Vision with { NumHiddenLayers = 7 } }, "caption"));
        Assert.Null(ReferenceSpeed.Of(config with { Vision = config.Vision with { PatchSize = 28 } }, "caption"));
    }

    private static string Print(double flops) => (flops / 1e9).ToString("N1", CultureInfo.InvariantCulture);

    private static DragonflyConfig Mid(int version) => new()
    {
        Version = (DragonflyVersion)version,
        Vision = new ClipVisionConfig
        {
            HiddenSize = 256,
            IntermediateSize = 1_024,
            NumHiddenLayers = 6,
            NumAttentionHeads = 4,
            ImageSize = version == 1 ? 224 : 336,
            PatchSize = version == 1 ? 32 : 14,
        },
        Language = new LlamaConfig
        {
            HiddenSize = 512,
            IntermediateSize = 1_408,
            NumHiddenLayers = 8,
            NumAttentionHeads = 8,
            KeyValueHeads = 2,
            VocabSize = 4_096,
        },
    };
}
