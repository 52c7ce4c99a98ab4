namespace Pipeline.Jobs.Webhooks;

/// <summary>When a delivery is tried again: the schedule that Standard Webhooks recommends, over three days, each pause up to a fifth longer, so that receivers which come back are not met by all at once.</summary>
internal static class WebhookRetries
{
    private const double Jitter = 0.2;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] s_pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts in all.</summary>
    public static int Most => s_pauses.Length + 1;

    /// <summary>The pause after the attempt of that number, from 1; null after the last.</summary>
    /// <param name="tries">Attempts so far.</param>
    /// <param name="asked">What the receiver asked for; longer than a day counts as one.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan? After(int tries, TimeSpan? asked, double chance)
    {
        if (tries > s_pauses.Length)
        {
            return null;
        }

        var pause = s_pauses[tries - 1] * (1 + (Jitter * chance));
        return asked is { } wanted && wanted > pause ? (wanted < s_longest ? wanted : s_longest) : pause;
    }
}

/// <summary>An attempt failed, and another is to come: Hangfire schedules it.</summary>
public sealed class WebhookAttemptException(string message, DateTimeOffset retryAt) : Exception(message)
{
    public DateTimeOffset RetryAt { get; } = retryAt;
}
