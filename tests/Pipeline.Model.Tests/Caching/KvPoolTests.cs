using Pipeline.Model.Caching;

namespace Pipeline.Model.Tests.Caching;

public sealed class KvPoolTests
{
    private readonly KvPool _pool = new("block", 5);

    [Fact]
    public void Parts_are_taken_all_or_none_and_given_back()
    {
        Assert.True(_pool.TryAllocate(3, out int[] first));
        Assert.False(_pool.TryAllocate(3, out int[] none));
        Assert.Empty(none);
        Assert.True(_pool.TryAllocate(2, out int[] second));
        Assert.Equal([0, 1, 2, 3, 4], first.Concat(second).Order());
        _pool.CheckIntegrity([.. second, .. first]);

        _pool.Release(first);

        Assert.Equal(3, _pool.Free);
        _pool.CheckIntegrity(second);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(4)]
    public void A_part_that_is_not_taken_cannot_be_given_back(int part)
    {
        _pool.TryAllocate(4, out _);

        Assert.Contains($"block {part} of 5", Assert.Throws<InvalidOperationException>(() => _pool.Release(part)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_cannot_be_given_back_twice()
    {
        _pool.TryAllocate(1, out int[] taken);
        _pool.Release(taken);

        Assert.Throws<InvalidOperationException>(() => _pool.Release(taken));
    }

    [Fact]
    public void The_integrity_check_finds_leaks_and_parts_of_two_holders()
    {
        _pool.TryAllocate(2, out int[] taken);

        Assert.Throws<InvalidOperationException>(() => _pool.CheckIntegrity([]));
        Assert.Throws<InvalidOperationException>(() => _pool.CheckIntegrity([.. taken, taken[0]]));
        Assert.Throws<InvalidOperationException>(() => _pool.CheckIntegrity([.. taken, 4]));
        _pool.CheckIntegrity(taken);
    }
}
