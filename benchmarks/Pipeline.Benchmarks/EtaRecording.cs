using System.Globalization;
using Pipeline.Jobs.State;

namespace Pipeline.Benchmarks;

/// <summary>A real run as <c>bench eta</c> recorded it: what the API showed at each look.</summary>
/// <param name="Kind">What changed its speed.</param>
/// <param name="IsPaced">Whether each worker was held to a pace.</param>
/// <param name="Looks">In their order; the last one sees the last image.</param>
internal sealed record EtaRecording(string Kind, bool IsPaced, IReadOnlyList<EtaLook> Looks)
{
    private const string KindLine = "# kind: ";

    private double End => Looks[^1].Seconds;

    private long Total => Looks[^1].Done;

    /// <summary>All files of a folder, by their names.</summary>
    public static IReadOnlyList<EtaRecording> ReadAll(string folder) => [.. Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal).Select(file => Parse(File.ReadAllLines(file)))];

    public static EtaRecording Parse(IReadOnlyList<string> lines) => new(
        lines.First(line => line.StartsWith(KindLine, StringComparison.Ordinal))[KindLine.Length..],
        lines.Any(line => line.StartsWith("# workers: ", StringComparison.Ordinal) && line.EndsWith(", paced", StringComparison.Ordinal)),
        [.. lines.Where(line => line.Length > 0 && line[0] != '#').Skip(1).Select(EtaLook.Parse)]);

    /// <summary>What the API showed when a share of the images was done, and how long the rest took.</summary>
    public (EtaLook Shown, double Took) Recorded(double share)
    {
        var look = At(share);
        return (look, End - look.Seconds);
    }

    /// <summary>What today's code makes of the same looks.</summary>
    public (JobView Shown, double Took) Replayed(double share)
    {
        var at = At(share);
        var (replay, other, committed) = (new EtaReplay(Total), (EtaReplay?)null, 0);
        foreach (var look in Looks.TakeWhile(look => look.Seconds <= at.Seconds).Where(look => look.State is not JobState.Planning))
        {
            replay.Look(look.Seconds, look.Done, look.Running, look.Committed - committed);
            committed = look.Committed;
            if (look.Other is { } beside)
            {
                other ??= new EtaReplay(beside.Total);
                other.Look(look.Seconds, beside.Done, beside.Running);
            }
        }

        return (replay.Show(at.State, other), End - at.Seconds);
    }

    private EtaLook At(double share) => Looks.First(look => look.Done >= share * Total);
}

/// <summary>One look of a recorded run. The other job is the one that the workers were shared with, if there was one; runs that were recorded before this was do not tell.</summary>
internal readonly record struct EtaLook(
    double Seconds, JobState State, long Done, int Committed, int Running, double? Eta, double? Low, double? High, (long Total, long Done, int Running)? Other)
{
    public static EtaLook Parse(string line) => line.Split(',') is [var seconds, var state, var done, var committed, var running, var eta, var low, var high, .. var other]
        ? new(
            Number(seconds)!.Value, JobJson.StateOf(state), long.Parse(done, CultureInfo.InvariantCulture),
            int.Parse(committed, CultureInfo.InvariantCulture), int.Parse(running, CultureInfo.InvariantCulture), Number(eta), Number(low), Number(high),
            other is [{ Length: > 0 } total, var otherDone, var otherRunning]
                ? (long.Parse(total, CultureInfo.InvariantCulture), long.Parse(otherDone, CultureInfo.InvariantCulture), int.Parse(otherRunning, CultureInfo.InvariantCulture))
                : null)
        : throw new FormatException($"'{line}' is no look of a recorded run.");

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
