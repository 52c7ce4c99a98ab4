namespace Pipeline.Model.Execution.Language;

/// <summary>Prompts packed for one pass: no padding, prompts behind the same image side by side, the choices of a prompt as branches behind it.</summary>
internal sealed class TextBatch
{
    private readonly List<int> _tokens = [];
    private readonly List<long> _positions = [];
    private readonly List<long> _logitRows = [];
    private readonly List<long> _stored = [];
    private readonly List<long> _places = [];

    /// <param name="works">At least one.</param>
    /// <param name="imagePositions">Positions in front of every prompt.</param>
    public TextBatch(IReadOnlyList<TextWork> works, int imagePositions)
    {
        Works = new PackedText[works.Count];
        List<ImageGroup> groups = [];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, works.Count).GroupBy(work => works[work].Slot).OrderBy(group => group.Key))
        {
            int first = _tokens.Count;
            List<Branch> branches = [];
            foreach (int work in group)
            {
                Works[work] = Pack(works[work], imagePositions, branches);
            }

            groups.Add(new ImageGroup(group.Key, first, _tokens.Count - first, [.. branches.Select(branch => branch with { First = branch.First - first, Trunk = branch.Trunk - first })]));
        }

        Groups = groups;
    }

    /// <summary>Ids to run.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Of each token, the image's counted.</summary>
    public IReadOnlyList<long> Positions => _positions;

    /// <summary>Tokens by image.</summary>
    public IReadOnlyList<ImageGroup> Groups { get; }

    /// <summary>Tokens whose keys and values are kept.</summary>
    public IReadOnlyList<long> Stored => _stored;

    /// <summary>Where in the text cache each of <see cref="Stored"/> goes: block · 16 + place in it.</summary>
    public IReadOnlyList<long> Places => _places;

    /// <summary>Tokens whose logits are needed.</summary>
    public IReadOnlyList<long> LogitRows => _logitRows;

    /// <summary>For each work, in the order given.</summary>
    public PackedText[] Works { get; }

    private PackedText Pack(TextWork work, int imagePositions, List<Branch> branches)
    {
        int trunk = Append(work.Prompt, imagePositions);
        branches.Add(new Branch(trunk, work.Prompt.Count, trunk, 0));
        int firstRow = _logitRows.Count;
        _logitRows.Add(trunk + work.Prompt.Count - 1);
        if (work is GenerateWork generate)
        {
            for (int i = 0; i < work.Prompt.Count; i++)
            {
                _stored.Add(trunk + i);
                _places.Add(KvLayout.PlaceOf(generate.Blocks, i));
            }

            return new PackedText(firstRow, []);
        }

        List<ChoiceRow> targets = [];
        IReadOnlyList<IReadOnlyList<int>> choices = ((ScoreWork)work).Choices;
        for (int choice = 0; choice < choices.Count; choice++)
        {
            IReadOnlyList<int> ids = choices[choice];
            targets.Add(new ChoiceRow(choice, firstRow, ids[0]));
            int first = Append(ids.Take(ids.Count - 1).ToArray(), imagePositions + work.Prompt.Count); // nothing runs behind the end of turn
            branches.Add(new Branch(first, ids.Count - 1, trunk, work.Prompt.Count));
            for (int i = 1; i < ids.Count; i++)
            {
                targets.Add(new ChoiceRow(choice, _logitRows.Count, ids[i]));
                _logitRows.Add(first + i - 1);
            }
        }

        return new PackedText(firstRow, targets);
    }

    private int Append(IReadOnlyList<int> ids, int position)
    {
        int first = _tokens.Count;
        for (int i = 0; i < ids.Count; i++)
        {
            _tokens.Add(ids[i]);
            _positions.Add(position + i);
        }

        return first;
    }
}

/// <summary>Where the logits of a work lie.</summary>
/// <param name="FirstRow">Row of the logits behind the prompt.</param>
/// <param name="Choices">What to read where, for the scores; empty for a prompt whose answer is generated.</param>
internal sealed record PackedText(int FirstRow, IReadOnlyList<ChoiceRow> Choices);

/// <summary>The logits in row <paramref name="Row"/> give the probability of <paramref name="Token"/>, which is part of a choice.</summary>
internal readonly record struct ChoiceRow(int Choice, int Row, int Token);

/// <summary>Tokens behind one image: they see all of it, and of each other what their branches say.</summary>
/// <param name="Slot">The image's.</param>
/// <param name="First">Its first token in the pass.</param>
/// <param name="Count">Its tokens.</param>
/// <param name="Branches">Counted from <paramref name="First"/>; cover all its tokens.</param>
internal sealed record ImageGroup(int Slot, int First, int Count, IReadOnlyList<Branch> Branches)
{
    /// <summary>What is added to the scores among the group's tokens, <c>[count, count]</c> row-major: 0 where the row may see the column, else −∞.</summary>
    public float[] Mask()
    {
        float[] mask = new float[Count * Count];
        Array.Fill(mask, float.NegativeInfinity);
        foreach (Branch branch in Branches)
        {
            for (int i = 0; i < branch.Count; i++)
            {
                Span<float> row = mask.AsSpan((branch.First + i) * Count, Count);
                row.Slice(branch.Trunk, branch.TrunkCount).Clear();
                row.Slice(branch.First, i + 1).Clear();
            }
        }

        return mask;
    }
}

/// <summary>Consecutive tokens that see themselves causally and the whole of a trunk.</summary>
internal readonly record struct Branch(int First, int Count, int Trunk, int TrunkCount);
