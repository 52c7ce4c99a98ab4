using System.Buffers;
using System.Text;

namespace Pipeline.Model.Tokenization;

/// <summary>Byte-pair merging of one piece in O(n log n).</summary>
/// <remarks>
/// Microsoft.ML.Tokenizers 2.0.1 searches the whole piece for every merge: a million letters without a space take it minutes.
/// The rule is the same: of all neighbours whose union is an entry, the union with the lowest id is made first, the leftmost of several.
/// </remarks>
internal sealed class LongPieces(Dictionary<string, int> vocabulary)
{
    private readonly int _longestEntry = vocabulary.Keys.Max(entry => entry.Length);

    /// <summary>Adds the ids of <paramref name="piece"/> to <paramref name="ids"/>.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        var letters = Letters(piece);
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(letters, out var whole))
        {
            ids.Add(whole);
            return;
        }

        // Tokens are known by where they start; the end of one is the start of the next.
        var end = new int[letters.Length + 1];
        var previous = new int[letters.Length + 1];
        var pairs = new PriorityQueue<(int Start, int Middle, int End), (int Id, int Start)>();
        for (var i = 0; i < letters.Length; i++)
        {
            (end[i], previous[i]) = (i + 1, i - 1);
        }

        previous[letters.Length] = letters.Length - 1;
        for (var i = 0; i + 1 < letters.Length; i++)
        {
            Propose(i);
        }

        while (pairs.TryDequeue(out var pair, out _))
        {
            // A merge since then may have swallowed either part, or made it longer.
            if (end[pair.Start] != pair.Middle || end[pair.Middle] != pair.End)
            {
                continue;
            }

            end[pair.Start] = pair.End;
            end[pair.Middle] = 0;
            previous[pair.End] = pair.Start;
            Propose(pair.Start);
            if (pair.Start > 0)
            {
                Propose(previous[pair.Start]);
            }
        }

        for (var start = 0; start < letters.Length; start = end[start])
        {
            ids.Add(lookup[letters.AsSpan(start, end[start] - start)]);
        }

        void Propose(int start)
        {
            var middle = end[start];
            if (middle < letters.Length
                && end[middle] - start <= _longestEntry
                && lookup.TryGetValue(letters.AsSpan(start, end[middle] - start), out var id))
            {
                pairs.Enqueue((start, middle, end[middle]), (id, start));
            }
        }
    }

    // The piece's bytes, in the alphabet of the vocabulary.
    private static char[] Letters(ReadOnlySpan<char> piece)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        var letters = new char[Encoding.UTF8.GetBytes(piece, bytes)];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = ByteAlphabet.Character(bytes[i]);
        }

        ArrayPool<byte>.Shared.Return(bytes);
        return letters;
    }
}
