using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Caching;

/// <summary>Divides the KV cache's memory between image slots and blocks of text.</summary>
/// <param name="config">Sizes of the network.</param>
/// <param name="elementSize">Bytes of a number: 4 for float32.</param>
/// <param name="maxNumSeqs">Sequences that run at a time.</param>
/// <param name="maxModelLen">Positions of the longest; above those of an image.</param>
/// <param name="overrun">Most positions that a step runs behind the end of an answer.</param>
internal sealed class KvBudget(DragonflyConfig config, int elementSize, int maxNumSeqs, int maxModelLen, int overrun = 0)
{
    /// <summary>Text positions that go with an image where memory is short: a question and a caption are rarely longer.</summary>
    public const int UsualTextPositions = 512;

    private readonly int _blocksOfLongest = KvLayout.BlocksFor(maxModelLen - config.ImagePositions + overrun);

    /// <summary>Keys and values of all layers.</summary>
    public long BytesPerPosition { get; } =
        2L * config.Language.NumHiddenLayers * config.Language.NumKeyValueHeads * config.Language.HeadDim * elementSize;

    /// <summary>Bytes of one image and one sequence of the longest.</summary>
    public long Least => Bytes(new KvLayout(1, _blocksOfLongest));

    /// <summary>Bytes that a layout takes.</summary>
    public long Bytes(KvLayout layout) =>
        BytesPerPosition * (((long)layout.ImageSlots * config.ImagePositions) + ((long)layout.Blocks * KvLayout.BlockSize));

    /// <summary>
    /// As many slots as there are sequences, each with the blocks of the longest text, if memory allows; else as many slots as leave
    /// room for text of usual length behind each of them, and all the rest to blocks.
    /// </summary>
    /// <param name="memory">Bytes, at least <see cref="Least"/>.</param>
    public KvLayout Divide(long memory)
    {
        long slot = Bytes(new KvLayout(1, 0));
        long block = Bytes(new KvLayout(0, 1));
        long usual = Math.Min(_blocksOfLongest, KvLayout.BlocksFor(UsualTextPositions));
        long slots = Math.Min(maxNumSeqs, 1 + ((memory - Least) / (slot + (usual * block))));
        long blocks = Math.Min((memory - (slots * slot)) / block, (long)maxNumSeqs * _blocksOfLongest);
        return new KvLayout((int)slots, (int)blocks);
    }

    /// <summary>Says that so many bytes don't do, and what would.</summary>
    public string TooLittle(long memory) =>
        $"kv_cache_memory is {memory:N0} bytes, and one image ({config.ImagePositions} positions) with one sequence of max_model_len {maxModelLen} "
        + $"takes {Least:N0} ({BytesPerPosition:N0} a position): raise kv_cache_memory to that, or lower max_model_len";
}
