using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class RandomSelectionTests
{
    [Fact]
    public void Three_of_each_six_are_kept_ascending_and_each_as_often_as_any_other()
    {
        var times = new int[24];
        for (var image = 0; image < 3_000; image++)
        {
            var kept = RandomSelection.Pick(Scores(image));
            Assert.Equal([3, 3, 3, 3], kept.GroupBy(crop => crop / 6).OrderBy(group => group.Key).Select(group => group.Count()));
            Assert.Equal(kept.Order().Distinct(), kept);
            foreach (var crop in kept)
            {
                times[crop]++;
            }
        }

        Assert.All(times, count => Assert.InRange(count, 1_350, 1_650)); // 1,500, give or take 5.5 standard deviations
    }

    [Fact]
    public void The_same_scores_are_given_the_same_crops() => Assert.Equal(RandomSelection.Pick(Scores(7)), RandomSelection.Pick(Scores(7)));

    private static float[,] Scores(int image)
    {
        var scores = new float[4, 6];
        for (var i = 0; i < 24; i++)
        {
            scores[i / 6, i % 6] = (image * 0.37f) + (i * 1.3f);
        }

        return scores;
    }
}
