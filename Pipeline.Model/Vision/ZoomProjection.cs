using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>Features of an image's crops in, the image's rows of the prompt out: selection or pooling, and the projection to the language model's width.</summary>
/// <param name="source">Weights.</param>
/// <param name="config">The checkpoint's.</param>
/// <param name="pick">v1: takes the place of <see cref="ZoomSelection.Pick"/>, to measure what the selection is worth; null: the model's own.</param>
internal sealed class ZoomProjection(WeightSource source, DragonflyConfig config, ZoomPick? pick = null) : IDisposable
{
    private readonly Linear _projection = Linear.Load(source, DragonflyParameters.Projection);

    /// <param name="features"><c>[crops, tokens, vision hidden]</c></param>
    public EncodedImage Forward(Tensor features)
    {
        using DisposeScope scope = NewDisposeScope();
        if (config.Version == DragonflyVersion.V2)
        {
            // Averaging and a linear layer commute: pooling first projects 2,057 rows instead of 23,657.
            Tensor pooled = _projection.Forward(ZoomPooling.Apply(features));
            return new EncodedImage(pooled.MoveToOuterDisposeScope(), [], null);
        }

        Tensor projected = _projection.Forward(features);
        float[,] scores = ZoomSelection.Score(projected);
        int[] kept = (pick ?? ZoomSelection.Pick)(scores);
        return new EncodedImage(ZoomSelection.Apply(projected, kept).MoveToOuterDisposeScope(), kept, scores);
    }

    /// <summary>Rows of crops by themselves, neither pooled nor chosen from: what pretraining on crops looks at.</summary>
    /// <param name="features"><c>[crops, tokens, vision hidden]</c></param>
    /// <returns><c>[crops, tokens, hidden]</c></returns>
    internal Tensor Project(Tensor features) => _projection.Forward(features);

    public void Dispose() => _projection.Dispose();
}

/// <summary>From scores <c>[4, 6]</c> to the indices of the high crops that are kept, 0 to 23, ascending: three of each row.</summary>
internal delegate int[] ZoomPick(float[,] scores);

/// <summary>What the encoder made of an image.</summary>
/// <param name="Rows"><c>[image rows, hidden]</c></param>
/// <param name="KeptHighCrops">v1: kept high crops, ascending; v2: empty.</param>
/// <param name="SelectionScores">v1: <c>[4, 6]</c>; v2: null.</param>
internal sealed record EncodedImage(Tensor Rows, int[] KeptHighCrops, float[,]? SelectionScores);
