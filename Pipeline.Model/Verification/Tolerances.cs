using Pipeline.Model.Execution;

namespace Pipeline.Model.Verification;

/// <summary>
/// How far float32 results may lie from the reference's. Source: the golden data's README, "Recommended tolerances", which rest on
/// the reference's own float32-against-float64 error (a tenth of these or less). Ids, selections, crops and tokens are exact.
/// </summary>
internal static class Tolerances
{
    public const double NormalizedPixels = 2e-6;
    public const double PixelLevels = 5e-7;
    public const double ClipHidden = 2e-4;
    public const double PatchEmbeddings = 1e-4;
    public const double InputEmbeds = 1e-4;
    public const double LayerHidden = 1e-3;
    public const double Logits = 2e-3;
    public const double LogProbabilities = 2e-3;
    public const double Towers = 1e-4;
    public const double SelectionScores = 5e-3;

    /// <summary>Relative.</summary>
    public const double Loss = 1e-5;

    /// <summary>Of a gradient, relative to its norm.</summary>
    public const double Gradients = 1e-3;

    /// <summary>Grey levels a pixel may differ where another library decoded the JPEG.</summary>
    public const int JpegLevels = 3;

    /// <summary>Mean and deviation of a crop's normalised floats, which the golden data rounds to 7 decimals.</summary>
    public const double CropStatistics = 1e-5;

    /// <summary>Two units in the last place of a bfloat16 of size 4: results computed in bfloat16.</summary>
    public const double Bfloat16Units = 0.0625;

    /// <summary>Share of next tokens that may be others in narrower numbers: of random weights, whose likeliest tokens lie close together. In int4 most are others, so that only log-probabilities tell anything.</summary>
    public static double OtherTokens(Placement placement) => placement.Quantization is Quantization.Int4 ? 1 : 0.5;

    /// <summary>Mean distance of log-probabilities in narrower numbers. No run of the reference says what it should be: twice what the CPU's kernels showed.</summary>
    public static double Narrow(Placement placement) => placement.Quantization is Quantization.Int4 ? 1.0 : 0.6;

    /// <summary>A norm over a vector moves at most by the vector's own difference: √width times the difference of an element.</summary>
    public static double RowNorms(int width) => LayerHidden * Math.Sqrt(width);
}
