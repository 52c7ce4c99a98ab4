using System.Globalization;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Display;

/// <summary>Numbers and states as people read them.</summary>
internal static class Words
{
    public static string State(JobState state) => JobJson.NameOf(state).Replace('_', ' ');

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Images(JobView job) => $"{Count(job.Images.Done)} of {(job.Images.Total is { } total ? Count(total) : "?")} images";

    public static string Rate(double? imagesPerSecond) =>
        imagesPerSecond is { } rate and > 0 ? $"{rate.ToString(rate < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture)} images/s" : "– images/s";

    /// <summary>"0:42", "12:05", "3:07:00"; "–" while unknown.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } known || double.IsNaN(known) || known > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return "–";
        }

        var time = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(0, known)));
        return time.TotalHours < 1
            ? $"{time.Minutes}:{time.Seconds:00}"
            : $"{Count((long)time.TotalHours)}:{time.Minutes:00}:{time.Seconds:00}";
    }

    /// <summary>"12:05 left (10:30 to 14:10)"; without the range while that is unknown.</summary>
    public static string Left(JobView job, double? seconds) => job is { EtaSecondsLow: { } low, EtaSecondsHigh: > 0 and var high }
        ? $"{Duration(seconds)} left ({Duration(low)} to {Duration(high)})"
        : $"{Duration(seconds)} left";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{(bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture)} kB",
        < 1_000_000_000 => $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB",
        _ => $"{(bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture)} GB",
    };

    /// <summary>One line of printable characters, cut to a length: a model may write anything.</summary>
    public static string Excerpt(string text, int longest)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var clean = string.Concat(words.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '�' : c));
        return clean.Length <= longest ? clean : clean[..(longest - 1)] + "…";
    }
}
