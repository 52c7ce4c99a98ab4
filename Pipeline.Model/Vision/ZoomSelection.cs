using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>v1: of every six consecutive high-resolution crops the three that match their middle crop best are kept.</summary>
/// <remarks>
/// Score: dot product of the token-mean projected embeddings, neither scaled nor normalised. Candidates of middle crop r are
/// the high crops 6(r−1) to 6(r−1)+5 in raster order, whatever the grid's shape. Equal scores keep the lower index.
/// </remarks>
internal static class ZoomSelection
{
    /// <param name="projected"><c>[29, tokens, hidden]</c>: low, 4 middle, 24 high crops after the projection</param>
    /// <returns>scores <c>[4, 6]</c> of each middle crop's candidates</returns>
    public static float[,] Score(Tensor projected)
    {
        using Tensor compared = Compare(projected);
        using Tensor plain = compared.detach();
        using Tensor near = plain.cpu();
        float[] flat = near.data<float>().ToArray();
        var scores = new float[DragonflyConfig.MiddleCrops, DragonflyConfig.SelectionInterval];
        Buffer.BlockCopy(flat, 0, scores, 0, flat.Length * sizeof(float));
        return scores;
    }

    /// <summary>The scores of <see cref="Score"/> as a tensor, which gradients pass through.</summary>
    /// <param name="projected"><c>[29, tokens, hidden]</c></param>
    /// <returns>float32 <c>[4, 6]</c></returns>
    internal static Tensor Compare(Tensor projected)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor means = projected.mean([1], type: ScalarType.Float32); // [29, hidden]
        Tensor queries = means.narrow(0, 1, DragonflyConfig.MiddleCrops).unsqueeze(1); // [4, 1, hidden]
        Tensor keys = means.narrow(0, 1 + DragonflyConfig.MiddleCrops, DragonflyConfig.MiddleCrops * DragonflyConfig.SelectionInterval)
            .view(DragonflyConfig.MiddleCrops, DragonflyConfig.SelectionInterval, -1); // [4, 6, hidden]
        return keys.mul(queries).sum(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Indices of the kept high crops, 0 to 23, ascending.</summary>
    public static int[] Pick(float[,] scores)
    {
        List<int> kept = [];
        for (int region = 0; region < scores.GetLength(0); region++)
        {
            int first = region * DragonflyConfig.SelectionInterval;
            kept.AddRange(Enumerable.Range(0, DragonflyConfig.SelectionInterval)
                .OrderByDescending(candidate => scores[region, candidate])
                .Take(DragonflyConfig.SelectionKept)
                .Select(candidate => first + candidate));
        }

        return [.. kept.Order()];
    }

    /// <param name="projected"><c>[29, tokens, hidden]</c></param>
    /// <param name="kept">From <see cref="Pick"/>.</param>
    /// <returns><c>[17·tokens, hidden]</c>: low, middle, kept high crops</returns>
    public static Tensor Apply(Tensor projected, int[] kept)
    {
        using DisposeScope scope = NewDisposeScope();
        int before = 1 + DragonflyConfig.MiddleCrops;
        long[] crops = [.. Enumerable.Range(0, before).Select(crop => (long)crop), .. kept.Select(high => (long)(before + high))];
        return projected.index_select(0, tensor(crops, device: projected.device)).reshape(-1, projected.size(2)).MoveToOuterDisposeScope();
    }
}
