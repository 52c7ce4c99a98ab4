namespace Pipeline.Model.Execution;

/// <summary>How the KV cache's memory is cut: image positions lie in slots of one size, text positions in blocks.</summary>
/// <param name="ImageSlots">Images whose keys and values can be held at once.</param>
/// <param name="Blocks">Blocks of text positions, shared by all sequences.</param>
internal sealed record KvLayout(int ImageSlots, int Blocks)
{
    /// <summary>Text positions of a block.</summary>
    public const int BlockSize = 16;

    /// <summary>Blocks that hold so many positions.</summary>
    public static int BlocksFor(int positions) => (positions + BlockSize - 1) / BlockSize;

    /// <summary>Where a text position of a sequence lies in the cache: block · 16 + place in it.</summary>
    public static long PlaceOf(IReadOnlyList<int> blocks, int position) => ((long)blocks[position / BlockSize] * BlockSize) + (position % BlockSize);
}
