using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Execution;
using Pipeline.Model.Execution.Language;

namespace Pipeline.Model.Tests.Execution;

public sealed class DecodeBatchTests
{
    [Fact]
    public void Consecutive_slots_with_equally_many_sequences_are_one_run()
    {
        var batch = new DecodeBatch([Work(4, 20), Work(2, 20), Work(3, 20)]);

        Assert.Equal([1, 2, 0], batch.Order);
        Assert.Equal([new DecodeRun(FirstSlot: 2, Slots: 3, PerSlot: 1, First: 0, Blocks: 2)], batch.Runs);
    }

    [Fact]
    public void A_gap_another_number_of_sequences_and_a_much_longer_text_end_a_run()
    {
        var batch = new DecodeBatch([Work(0, 20), Work(2, 20), Work(3, 20), Work(3, 20), Work(4, 2_000), Work(4, 1_990)]);

        Assert.Equal([(0, 1, 1, 2), (2, 1, 1, 2), (3, 1, 2, 2), (4, 1, 2, 126)], batch.Runs.Select(run => (run.FirstSlot, run.Slots, run.PerSlot, run.Blocks)));
    }

    [Fact]
    public void Runs_cover_all_sequences_once_and_are_long_enough_for_each()
    {
        var works = Gen.Choose(0, 9).SelectMany(slot => Gen.Choose(0, 400).Select(length => Work(slot, length))).NonEmptyListOf();

        Prop.ForAll(works.ToArbitrary(), list =>
        {
            var batch = new DecodeBatch([.. list]);
            Assert.Equal(Enumerable.Range(0, list.Count), batch.Order.Order());
            int next = 0;
            foreach (DecodeRun run in batch.Runs)
            {
                Assert.Equal(next, run.First);
                for (int i = 0; i < run.Count; i++)
                {
                    DecodeWork work = list[batch.Order[next + i]];
                    Assert.Equal(run.FirstSlot + (i / run.PerSlot), work.Slot);
                    Assert.True(work.Length + 1 <= run.Blocks * KvLayout.BlockSize);
                }

                next += run.Count;
            }

            Assert.Equal(list.Count, next);
        }).QuickCheckThrowOnFailure();
    }

    private static DecodeWork Work(int slot, int length) => new(slot, [], length, [1], Picker: null);
}
