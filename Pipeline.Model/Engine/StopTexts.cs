using System.Text;
using Pipeline.Model.Scheduling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Engine;

/// <summary>Texts that end an answer; they may lie across any number of tokens.</summary>
internal static class StopTexts
{
    /// <summary>A token is at least one byte, unless it is special; this many of those may stand between.</summary>
    private const int Spare = 8;

    /// <returns>The answer before the first stop text, or null where its last token completes none.</returns>
    public static string? TryCut(Sequence sequence, DragonflyTokenizer tokenizer)
    {
        IReadOnlyList<string> stops = sequence.Sampling.Stop;
        if (stops.Count == 0)
        {
            return null;
        }

        // Only the end is new; the whole is decoded once there is something to cut.
        int window = Spare + stops.Max(Encoding.UTF8.GetByteCount);
        if (FirstOf(stops, tokenizer.Decode(sequence.Generated.Skip(sequence.Generated.Count - window))) < 0)
        {
            return null;
        }

        string text = tokenizer.Decode(sequence.Generated);
        int end = FirstOf(stops, text);
        return end < 0 ? null : text[..end];
    }

    private static int FirstOf(IReadOnlyList<string> stops, string text) =>
        stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(index => index >= 0).DefaultIfEmpty(-1).Min();
}
