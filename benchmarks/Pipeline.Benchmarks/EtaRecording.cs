using System.Globalization;
using Pipeline.Jobs.State;

namespace Pipeline.Benchmarks;

/// <summary>A real run as <c>bench eta</c> recorded it: what the API showed at each look.</summary>
/// <param name="Kind">What changed its speed.</param>
/// <param name="Looks">In their order; the last one sees the last image.</param>
internal sealed record EtaRecording(string Kind, IReadOnlyList<EtaLook> Looks)
{
    private const string KindLine = "# kind: ";

    private double End => Looks[^1].Seconds;

    private long Total => Looks[^1].Done;

    /// <summary>All files of a folder, by their names.</summary>
    public static IReadOnlyList<EtaRecording> ReadAll(string folder) => [.. Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal).Select(file => Parse(File.ReadAllLines(file)))];

    public static EtaRecording Parse(IReadOnlyList<string> lines) => new(
        lines.First(line => line.StartsWith(KindLine, StringComparison.Ordinal))[KindLine.Length..],
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
        var (replay, committed) = (new EtaReplay(Total), 0);
        foreach (var look in Looks.TakeWhile(look => look.Seconds <= at.Seconds).Where(look => look.State is not JobState.Planning))
        {
            replay.Look(look.Seconds, look.Done, look.Running, look.Committed - committed);
            committed = look.Committed;
        }

        return (replay.Show(at.State), End - at.Seconds);
    }

    private EtaLook At(double share) => Looks.First(look => look.Done >= share * Total);
}

/// <summary>One look of a recorded run.</summary>
internal readonly record struct EtaLook(double Seconds, JobState State, long Done, int Committed, int Running, double? Eta, double? Low, double? High)
{
    public static EtaLook Parse(string line) => line.Split(',') is [var seconds, var state, var done, var committed, var running, var eta, var low, var high]
        ? new(
            Number(seconds)!.Value, JobJson.StateOf(state), long.Parse(done, CultureInfo.InvariantCulture),
            int.Parse(committed, CultureInfo.InvariantCulture), int.Parse(running, CultureInfo.InvariantCulture), Number(eta), Number(low), Number(high))
        : throw new FormatException($"'{line}' is no look of a recorded run.");

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
