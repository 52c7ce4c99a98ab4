using Pipeline.Model.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>The image's part of the prompt: blocks of image rows, each closed by the newline token's word embedding.</summary>
internal static class ImageRows
{
    /// <param name="rows">Of the encoder, <c>[image rows, hidden]</c>.</param>
    /// <param name="config">Sizes of the blocks.</param>
    /// <param name="newline">Word embedding of the newline token, <c>[1, hidden]</c>.</param>
    /// <returns><c>[image positions, hidden]</c></returns>
    public static Tensor WithNewlines(Tensor rows, DragonflyConfig config, Tensor newline) => WithNewlines(rows, config.ImageBlocks, newline);

    /// <param name="rows"><c>[rows, hidden]</c></param>
    /// <param name="blocks">Rows of each block.</param>
    /// <param name="newline">Word embedding of the newline token, <c>[1, hidden]</c>.</param>
    /// <returns><c>[rows + blocks, hidden]</c></returns>
    internal static Tensor WithNewlines(Tensor rows, IReadOnlyList<int> blocks, Tensor newline)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> parts = [];
        long first = 0;
        foreach (int count in blocks)
        {
            parts.Add(rows.narrow(0, first, count));
            parts.Add(newline);
            first += count;
        }

        return cat(parts).MoveToOuterDisposeScope();
    }
}
