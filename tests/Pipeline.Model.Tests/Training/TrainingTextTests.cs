using Pipeline.Model.Training;

namespace Pipeline.Model.Tests.Training;

public sealed class TrainingTextTests
{
    [Fact]
    public void All_behind_the_first_bos_is_a_target_padding_too()
    {
        long[] ids = [2, 2, 3, 0, 7, 8, 1, 1];

        Assert.Equal([-100, -100, -100, -100, 7, 8, 1, 1], TrainingText.Labels(ids, begin: 0, end: 1));
        Assert.Equal([2, 2, 3, 0, 7, 8, 1, 1], ids);
    }

    [Fact]
    public void The_last_of_several_bos_becomes_the_end()
    {
        long[] ids = [2, 0, 7, 0, 8, 0];

        Assert.Equal([-100, -100, 7, 0, 8, 1], TrainingText.Labels(ids, begin: 0, end: 1));
        Assert.Equal([2, 0, 7, 0, 8, 1], ids);
    }

    [Fact]
    public void Rows_are_padded_on_the_right()
    {
        var (ids, mask, length) = TrainingText.PadRight([[5, 6, 7], [5]], pad: 1);

        Assert.Equal(3, length);
        Assert.Equal([5, 6, 7, 5, 1, 1], ids);
        Assert.Equal([1, 1, 1, 1, 0, 0], mask);
    }

    [Fact]
    public void A_turn_predicts_its_answer_and_the_end_of_turn()
    {
        var turns = PackedTurns.Of([new([0, 5, 6], [7, 8]), new([0, 5], [9])], start: 100, endOfTurn: 4).PadTo(8);

        Assert.Equal([0, 5, 6, 7, 8, 0, 5, 9], turns.Ids);
        Assert.Equal([100, 101, 102, 103, 104, 100, 101, 102], turns.Positions);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1], turns.Turns);
        Assert.Equal([-100, -100, 7, 8, 4, -100, 9, 4], turns.Targets);
        float three = 1 / MathF.Sqrt(3), two = 1 / MathF.Sqrt(2);
        Assert.Equal([0, 0, three, three, three, 0, two, two, 0, 0], turns.PadTo(10).Weights);
    }
}
