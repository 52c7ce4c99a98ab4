using Pipeline.Jobs.Webhooks;

namespace Pipeline.Jobs.Tests.Webhooks;

public sealed class WebhookRetriesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void Pauses_grow_over_three_days_and_are_never_shorter_than_recommended(double chance)
    {
        var pauses = Enumerable.Range(1, WebhookRetries.Most).Select(tries => WebhookRetries.After(tries, null, chance)).TakeWhile(pause => pause is not null).Select(pause => pause!.Value).ToList();

        double[] recommended = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        Assert.Equal(WebhookRetries.Most - 1, pauses.Count);
        Assert.All(pauses.Zip(recommended), pair => Assert.InRange(pair.First.TotalSeconds, pair.Second, pair.Second * 1.2));
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.Sum(pause => pause.TotalDays), 3, 4);
    }

    [Fact]
    public void What_a_receiver_asks_for_counts_up_to_a_day_if_it_is_longer()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), WebhookRetries.After(1, TimeSpan.FromMinutes(1), 0));
        Assert.Equal(TimeSpan.FromMinutes(5), WebhookRetries.After(2, TimeSpan.FromMinutes(1), 0));
        Assert.Equal(TimeSpan.FromDays(1), WebhookRetries.After(1, TimeSpan.FromDays(365), 0));
    }
}
