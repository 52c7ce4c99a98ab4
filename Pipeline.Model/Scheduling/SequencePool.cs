using Pipeline.Model.Caching;

namespace Pipeline.Model.Scheduling;

/// <summary>Prompts whose images are ready: those that wait for their prefill, and the sequences that run, with their blocks.</summary>
internal sealed class SequencePool(int blocks)
{
    private readonly KvPool _blocks = new("block", blocks);
    private readonly SortedSet<PromptTask> _waiting = new(Comparer<PromptTask>.Create(ByArrival));
    private readonly List<Sequence> _running = [];

    /// <summary>In the order in which their requests came.</summary>
    public IReadOnlyCollection<PromptTask> Waiting => _waiting;

    /// <summary>Those that were decoded last stand last.</summary>
    public IReadOnlyList<Sequence> Running => _running;

    public int FreeBlocks => _blocks.Free;

    public void Wait(IEnumerable<PromptTask> prompts) => _waiting.UnionWith(prompts);

    public void TakeBlocks(IEnumerable<PromptTask> prompts)
    {
        foreach (Sequence sequence in prompts.OfType<Sequence>())
        {
            sequence.Blocks = _blocks.TryAllocate(sequence.BlocksNeeded, out int[] taken)
                ? taken
                : throw new InvalidOperationException($"{sequence.BlocksNeeded} blocks are needed, and {_blocks.Free} of {_blocks.Size} are free.");
        }
    }

    public void ReleaseBlocks(IEnumerable<PromptTask> prompts)
    {
        foreach (Sequence sequence in prompts.OfType<Sequence>())
        {
            _blocks.Release(sequence.Blocks);
            sequence.Blocks = [];
        }
    }

    /// <summary>Sequences that were prefilled run from now on, unless they ended with their first token.</summary>
    public void Prefilled(IReadOnlyList<PromptTask> prompts)
    {
        _waiting.ExceptWith(prompts);
        Continue(prompts.OfType<Sequence>());
    }

    /// <summary>Sequences that were decoded go behind those that were not.</summary>
    public void Decoded(IReadOnlyList<Sequence> sequences)
    {
        var decoded = sequences.ToHashSet();
        _running.RemoveAll(decoded.Contains);
        Continue(sequences);
    }

    /// <summary>Forgets a prompt, wherever it is.</summary>
    public void Remove(PromptTask prompt)
    {
        _waiting.Remove(prompt);
        if (prompt is Sequence sequence && _running.Remove(sequence))
        {
            ReleaseBlocks([sequence]);
        }
    }

    /// <exception cref="InvalidOperationException">A block leaked or is shared, or a prompt is lost or in two places.</exception>
    public void CheckIntegrity(IEnumerable<ScheduledImage> images, int maxNumSeqs)
    {
        _blocks.CheckIntegrity(_running.Concat(_waiting.OfType<Sequence>()).SelectMany(sequence => sequence.Blocks));
        if (_running.Count > maxNumSeqs)
        {
            throw new InvalidOperationException($"{_running.Count} sequences run, and {maxNumSeqs} may.");
        }

        var known = _waiting.Concat(_running).ToList();
        var unanswered = images.Where(image => image.State is ImageState.Ready).SelectMany(image => image.Unanswered).ToHashSet();
        if (known.Count != unanswered.Count || !unanswered.SetEquals(known))
        {
            throw new InvalidOperationException($"{known.Count} prompts wait or run, and {unanswered.Count} of the ready images are unanswered.");
        }

        if (_running.Find(sequence => sequence.Blocks.Count != sequence.BlocksNeeded) is { } wrong)
        {
            throw new InvalidOperationException($"A running sequence holds {wrong.Blocks.Count} blocks instead of {wrong.BlocksNeeded}.");
        }
    }

    private void Continue(IEnumerable<Sequence> sequences)
    {
        foreach (Sequence sequence in sequences)
        {
            if (sequence.Answer is not null)
            {
                ReleaseBlocks([sequence]);
            }
            else if (sequence.IsToStartAgain)
            {
                ReleaseBlocks([sequence]);
                sequence.StartsAgain();
                _waiting.Add(sequence);
            }
            else
            {
                _running.Add(sequence);
            }
        }
    }

    private static int ByArrival(PromptTask left, PromptTask right) =>
        (left.Request.Number, left.Index).CompareTo((right.Request.Number, right.Index));
}
