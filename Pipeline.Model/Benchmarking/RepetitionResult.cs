using Pipeline.Model.Engine;

namespace Pipeline.Model.Benchmarking;

/// <summary>What one timed run of a workload gave. Ratios are of this run's own rate of matrix products.</summary>
public sealed record RepetitionResult
{
    public required int Images { get; init; }

    /// <summary>From the first JPEG's bytes to the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>Decoding and cutting, all threads together; runs beside the engine.</summary>
    public required double PreprocessingSeconds { get; init; }

    /// <summary>FLOP/s of a product of square matrices in the model's numbers: median of the readings before and after.</summary>
    public required double GemmRate { get; init; }

    /// <summary>Bytes a second that a copy reads and writes, measured right behind the run.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Weights and cached positions that the mean decode step must read.</summary>
    public required double DecodeBytesPerStep { get; init; }

    /// <summary>Of all images, as if each prompt had an image of its own.</summary>
    public required StageFlops NeededWithoutSharing { get; init; }

    /// <summary>Of all images, each encoded and prefilled once.</summary>
    public required StageFlops NeededPrefixShared { get; init; }

    /// <summary>What the engine did in this run.</summary>
    public required EngineStatistics Statistics { get; init; }

    /// <summary>Sizes of the run's mean decode step.</summary>
    public required DecodeShape BareDecodeShape { get; init; }

    /// <summary>The matrix products of a step of that shape alone, measured right behind the run.</summary>
    public required double BareDecodeSeconds { get; init; }

    /// <summary>Most memory resident during the run.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>Of the card's memory that was taken right behind the run, by whomever: libtorch gives hardly any back. Null on a processor.</summary>
    public required long? CardBytes { get; init; }

    /// <summary>The roofline of an H100 for the same answers in bfloat16, as many at a time; null for models of another size than the published ones.</summary>
    public required double? H100ImagesPerSecond { get; init; }

    public double ImagesPerSecond => Images / Seconds;

    public double NeededWithoutSharingRatio => NeededWithoutSharing.Total / Seconds / GemmRate;

    public double NeededPrefixSharedRatio => NeededPrefixShared.Total / Seconds / GemmRate;

    public double VisionRatio => Ratio(NeededPrefixShared.Vision, Statistics.Vision);

    public double ImagePrefillRatio => Ratio(NeededPrefixShared.ImagePrefill, Statistics.ImagePrefill);

    public double TextPrefillRatio => Ratio(NeededPrefixShared.TextPrefill, Statistics.TextPrefill);

    /// <summary>Image and text together, as the reference's stage "prefill".</summary>
    public double PrefillRatio => Ratio(
        NeededPrefixShared.ImagePrefill + NeededPrefixShared.TextPrefill, Statistics.ImagePrefill + Statistics.TextPrefill);

    public double DecodeRatio => Ratio(NeededPrefixShared.Decode, Statistics.Decode);

    /// <summary>Seconds of the run's mean decode step.</summary>
    public double DecodeStepSeconds => Statistics.Decode.Time.TotalSeconds / Statistics.Decode.Steps;

    /// <summary>Bare products' time ÷ the engine's: 1 where a step costs no more than its products.</summary>
    public double DecodeToBareRatio => BareDecodeSeconds / DecodeStepSeconds;

    /// <summary>Images a second if products ran at <see cref="GemmRate"/> and decode read its bytes at <see cref="Bandwidth"/>, one after the other.</summary>
    public double RooflineImagesPerSecond => Images / new Roofline(GemmRate, Bandwidth).Seconds(NeededPrefixShared, Statistics.Decode.Steps, DecodeBytesPerStep);

    /// <summary>Of the roofline.</summary>
    public double RooflineRatio => ImagesPerSecond / RooflineImagesPerSecond;

    /// <summary>Of an H100's roofline.</summary>
    public double? H100Ratio => ImagesPerSecond / H100ImagesPerSecond;

    /// <summary>Tokens of answers.</summary>
    public double TokensPerSecond => (Statistics.PromptsFinished + Statistics.Decode.Items) / Seconds;

    /// <summary>Bytes that decode must read ÷ its time ÷ <see cref="Bandwidth"/>.</summary>
    public double DecodeBandwidthRatio => DecodeBytesPerStep / DecodeStepSeconds / Bandwidth;

    public double IdleShare => Statistics.Idle.TotalSeconds / Seconds;

    /// <summary>Seconds that no stage and no waiting accounts for.</summary>
    public double OtherSeconds => Math.Max(0, Seconds - Statistics.Idle.TotalSeconds - StageSeconds);

    private double StageSeconds =>
        (Statistics.Vision.Time + Statistics.ImagePrefill.Time + Statistics.TextPrefill.Time + Statistics.Decode.Time).TotalSeconds;

    private double Ratio(double flops, StageStatistics stage) => flops / stage.Time.TotalSeconds / GemmRate;
}
