using Pipeline.Model.Training;

namespace Pipeline.Model.Tests.Training;

public sealed class WarmupCosineTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 0.5)]
    [InlineData(0.1, 1)]
    [InlineData(0.55, 0.6)]
    [InlineData(1, 0.2)]
    [InlineData(1.5, 0.2)]
    public void Rises_straight_and_falls_along_a_cosine(double progress, double share) =>
        Assert.Equal(share, new WarmupCosine(Warmup: 0.1, Floor: 0.2).At(progress), 12);
}
