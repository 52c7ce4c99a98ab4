using System.ComponentModel.DataAnnotations;

namespace Pipeline.Api.Access;

/// <summary>How much a caller may ask, in the section <c>RateLimits</c>. Whoever is on this machine where nobody is asked may ask any number.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests a second of one key or token, over time: 1 to 100,000. Default: 50.</summary>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>Of these, requests that change something, such as submitting a job: 1 to 100,000. Default: 10.</summary>
    [Range(1, 100_000)]
    public int ChangesPerSecond { get; set; } = 10;

    /// <summary>Requests a second of one address that shows no key that works: 1 to 100,000. Default: 10. Behind a proxy all share one.</summary>
    [Range(1, 100_000)]
    public int StrangersPerSecond { get; set; } = 10;

    /// <summary>Seconds' worth of requests that may come at once: 1 to 3,600. Default: 5.</summary>
    [Range(1, 3_600)]
    public int BurstSeconds { get; set; } = 5;
}
