using System.Globalization;
using System.Net;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>Words and small pieces of the dashboard's pages. Whatever a person or a store wrote goes through <see cref="Text"/>.</summary>
internal static class Markup
{
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Count(long? count) => count is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "?";

    public static string Number(double number, string format = "0.#") => number.ToString(format, CultureInfo.InvariantCulture);

    public static string State(JobState state) => JobJson.NameOf(state).Replace('_', ' ');

    public static string Badge(JobState state) => $"<span class=\"label label-{Colour(state)}\">{State(state)}</span>";

    public static string Rate(double? imagesPerSecond) => imagesPerSecond is { } rate ? Number(rate, rate < 10 ? "0.0" : "N0") : "–";

    public static string Time(DateTimeOffset time) =>
        $"<time datetime=\"{time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}\">{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>";

    /// <summary>"0:42", "3:07:00", "2 d 04:00".</summary>
    public static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2)));
        return time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}")
            : time.TotalDays < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Hours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):N0} d {time.Hours:00}:{time.Minutes:00}");
    }

    /// <summary>The time left with its range, of a job that has any.</summary>
    public static string Left(JobView job) => job switch
    {
        { EtaSeconds: null } => "–",
        { State: var state } when state.IsTerminal() => "–",
        { EtaSecondsLow: { } low, EtaSecondsHigh: > 0 and var high } => $"{Duration(job.EtaSeconds.Value)} <small class=\"text-muted\">({Duration(low)} to {Duration(high)})</small>",
        _ => Duration(job.EtaSeconds.Value),
    };

    public static string Bar(JobView job)
    {
        var percent = job.Images.Total is > 0 and var total ? 100.0 * job.Images.Done / total : 0;
        var width = Number(percent, "0.0");
        return $"""
            <div class="progress"><div class="progress-bar" role="progressbar" aria-label="Images done" aria-valuenow="{width}" aria-valuemin="0" aria-valuemax="100" style="width:{width}%"></div></div>
            <small>{Count(job.Images.Done)} of {Count(job.Images.Total)}</small>
            """;
    }

    /// <summary>"12 not an image, 3 truncated image", or how many where nobody said why.</summary>
    public static string Failures(JobView job) => job.Failures.Count == 0
        ? Count(job.Images.Failed)
        : string.Join("<br>", job.Failures.Select(failure => $"{Count(failure.Value)} <small class=\"text-muted\">{Text(failure.Key.Replace('_', ' '))}</small>"));

    private static string Colour(JobState state) => state switch
    {
        JobState.Completed => "success",
        JobState.CompletedWithErrors or JobState.Cancelling or JobState.Paused => "warning",
        JobState.Failed => "danger",
        JobState.Cancelled => "default",
        _ => "primary",
    };
}
