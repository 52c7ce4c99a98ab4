namespace Pipeline.Model.Execution.Language;

/// <summary>Groups of tokens behind consecutive image slots, padded to runs of one width that a kernel takes together.</summary>
internal sealed class TextRuns
{
    /// <summary>Widths are multiples of this: what kernels with a mask ask for, and few different sizes for the allocator.</summary>
    private const int WidthStep = 16;

    /// <param name="groups">By slot, each slot once.</param>
    public TextRuns(IReadOnlyList<ImageGroup> groups)
    {
        List<TextRun> runs = [];
        List<ImageGroup> together = [];
        foreach (ImageGroup group in groups)
        {
            if (together.Count > 0 && (group.Slot != together[^1].Slot + 1 || WidthOf(group) > 2 * WidthOf(together[0]) || WidthOf(together[0]) > 2 * WidthOf(group)))
            {
                Close();
            }

            together.Add(group);
        }

        Close();
        Runs = runs;
        long padded = 0;
        long[] places = new long[groups.Sum(group => group.Count)];
        foreach (TextRun run in runs)
        {
            foreach (ImageGroup group in run.Groups)
            {
                for (int i = 0; i < group.Count; i++)
                {
                    places[group.First + i] = padded + i;
                }

                padded += run.Width;
            }
        }

        Places = places;

        void Close()
        {
            runs.Add(new TextRun([.. together], together.Max(WidthOf)));
            together.Clear();
        }
    }

    /// <summary>By slot; cover all groups.</summary>
    public IReadOnlyList<TextRun> Runs { get; }

    /// <summary>Of each token of the pass, its row among the padded rows of all runs.</summary>
    public IReadOnlyList<long> Places { get; }

    private static int WidthOf(ImageGroup group) => (group.Count + WidthStep - 1) / WidthStep * WidthStep;
}

/// <summary>Groups behind consecutive slots.</summary>
/// <param name="Groups">At least one.</param>
/// <param name="Width">Rows of each, padding included.</param>
internal sealed record TextRun(IReadOnlyList<ImageGroup> Groups, int Width)
{
    public int FirstSlot => Groups[0].Slot;

    public int Slots => Groups.Count;

    /// <summary>Token of the pass in each row, <c>[slots · width]</c>; padding repeats the group's first.</summary>
    public IReadOnlyList<long> Rows => [.. Groups.SelectMany(group => Enumerable.Range(0, Width).Select(row => (long)group.First + (row < group.Count ? row : 0)))];

    /// <summary>What is added to the scores, <c>[slots, width, width]</c>: rows of padding see the first column, so that they hold numbers, and nobody sees them.</summary>
    public float[] Mask()
    {
        float[] all = new float[Slots * Width * Width];
        Array.Fill(all, float.NegativeInfinity);
        foreach ((int slot, ImageGroup group) in Groups.Index())
        {
            float[] own = group.Mask();
            for (int row = 0; row < Width; row++)
            {
                Span<float> target = all.AsSpan(((slot * Width) + row) * Width, Width);
                if (row < group.Count)
                {
                    own.AsSpan(row * group.Count, group.Count).CopyTo(target);
                }
                else
                {
                    target[0] = 0;
                }
            }
        }

        return all;
    }
}
