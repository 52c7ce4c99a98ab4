using Pipeline.Model.Execution;
using Pipeline.Model.Execution.Language;

namespace Pipeline.Model.Tests.Execution;

public sealed class TextBatchTests
{
    private const float No = float.NegativeInfinity;

    [Fact]
    public void Prompts_behind_one_image_lie_side_by_side_and_results_stay_in_order()
    {
        TextWork[] works = [Generate(slot: 7, [1, 2]), Generate(slot: 3, [4]), Generate(slot: 7, [5, 6, 7])];

        var batch = new TextBatch(works, imagePositions: 100);

        Assert.Equal([4, 1, 2, 5, 6, 7], batch.Tokens);
        Assert.Equal([100, 100, 101, 100, 101, 102], batch.Positions);
        Assert.Equal([(3, 0, 1), (7, 1, 5)], batch.Groups.Select(group => (group.Slot, group.First, group.Count)));
        Assert.Equal([2, 0, 5], batch.Works.Select(work => (int)batch.LogitRows[work.FirstRow]));
    }

    [Fact]
    public void Prompts_do_not_see_each_other()
    {
        var batch = new TextBatch([Generate(0, [1, 2]), Generate(0, [3])], imagePositions: 10);

        Assert.Equal([0, No, No, 0, 0, No, No, No, 0], batch.Groups[0].Mask());
    }

    [Fact]
    public void Choices_are_branches_behind_their_prompt_without_their_last_token()
    {
        var batch = new TextBatch([new ScoreWork(0, [1, 2], [[5, 9], [6, 7, 9]])], imagePositions: 10);

        Assert.Equal([1, 2, 5, 6, 7], batch.Tokens);
        Assert.Equal([10, 11, 12, 12, 13], batch.Positions);
        Assert.Equal(
            [
                0, No, No, No, No,
                0, 0, No, No, No,
                0, 0, 0, No, No,
                0, 0, No, 0, No,
                0, 0, No, 0, 0,
            ],
            batch.Groups[0].Mask());
        Assert.Equal([1, 2, 3, 4], batch.LogitRows);
        Assert.Equal([(0, 0, 5), (0, 1, 9), (1, 0, 6), (1, 2, 7), (1, 3, 9)], batch.Works[0].Choices.Select(row => (row.Choice, row.Row, row.Token)));
        Assert.Empty(batch.Stored); // nothing runs behind a scored prompt
    }

    [Fact]
    public void Generated_prompts_are_stored_in_their_blocks_in_whatever_order_those_are()
    {
        var batch = new TextBatch([new GenerateWork(0, [.. Enumerable.Range(1, 18)], [4, 2], Picker: null)], imagePositions: 10);

        Assert.Equal(Enumerable.Range(0, 18).Select(i => (long)i), batch.Stored);
        Assert.Equal([.. Enumerable.Range(64, 16).Select(place => (long)place), 32, 33], batch.Places);
    }

    private static GenerateWork Generate(int slot, int[] prompt) => new(slot, prompt, [slot], Picker: null);
}
