namespace Pipeline.Model.Execution.Language;

/// <summary>Sequences laid out for a decode step: by image slot, in runs that one product can take together.</summary>
internal sealed class DecodeBatch
{
    /// <param name="sequences">At least one.</param>
    /// <param name="tokens">That each of them gets.</param>
    public DecodeBatch(IReadOnlyList<DecodeWork> sequences, int tokens = 1)
    {
        int[][] slots = [.. Enumerable.Range(0, sequences.Count).GroupBy(i => sequences[i].Slot).OrderBy(slot => slot.Key).Select(slot => slot.ToArray())];
        Order = [.. slots.SelectMany(slot => slot)];
        List<DecodeRun> runs = [];
        int first = 0;
        foreach (int[] slot in slots)
        {
            var alone = new DecodeRun(sequences[slot[0]].Slot, 1, slot.Length, first, slot.Max(i => KvLayout.BlocksFor(sequences[i].Length + tokens)));
            first += slot.Length;
            if (runs is [.., var last] && last.CanTake(alone))
            {
                runs[^1] = last with { Slots = last.Slots + 1, Blocks = Math.Max(last.Blocks, alone.Blocks) };
            }
            else
            {
                runs.Add(alone);
            }
        }

        Runs = runs;
    }

    /// <summary>Indices of the sequences, by slot.</summary>
    public int[] Order { get; }

    /// <summary>In the order of <see cref="Order"/>; cover it.</summary>
    public IReadOnlyList<DecodeRun> Runs { get; }
}

/// <summary>Sequences of consecutive slots, equally many on each, of about the same length.</summary>
/// <param name="FirstSlot">The first of the slots.</param>
/// <param name="Slots">How many.</param>
/// <param name="PerSlot">Sequences on each.</param>
/// <param name="First">Its first sequence in the order of the step.</param>
/// <param name="Blocks">Blocks of text of the longest.</param>
internal readonly record struct DecodeRun(int FirstSlot, int Slots, int PerSlot, int First, int Blocks)
{
    /// <summary>Blocks of difference in length that are padded rather than kept apart: a run more costs about as much.</summary>
    private const int Slack = 8;

    public int Count => Slots * PerSlot;

    public bool CanTake(DecodeRun next) =>
        next.FirstSlot == FirstSlot + Slots && next.PerSlot == PerSlot && Math.Max(Blocks, next.Blocks) <= (2 * Math.Min(Blocks, next.Blocks)) + Slack;
}
