using System.Globalization;

namespace Pipeline.Cli.Benchmarks;

/// <summary>What changes during a recorded run.</summary>
internal enum EtaChange
{
    /// <summary>A worker more, on the other core.</summary>
    Join,

    /// <summary>A worker ends as it is told, and gives back what it had.</summary>
    Leave,

    /// <summary>A worker is killed, and another starts after some seconds.</summary>
    Kill,

    /// <summary>The job is paused for some seconds.</summary>
    Pause,

    /// <summary>A second job comes, and the workers are shared.</summary>
    Compete,
}

/// <summary>A change, when so much of the images is done.</summary>
internal readonly record struct EtaEvent(double Share, EtaChange Change, double Seconds);

/// <summary>One run that is to be recorded: drawn from its kind and number, so that nobody chooses.</summary>
internal sealed record EtaPlan
{
    public static readonly IReadOnlyList<string> Kinds = ["steady", "joins", "leaves", "killed", "paused", "competing", "folders", "mixed"];

    private const double PacedScale = 4;

    public required string Kind { get; init; }
    public required int Number { get; init; }

    /// <summary>Whether each worker is held to an image a second, so that what else runs on the machine is no change of its speed.</summary>
    public required bool IsPaced { get; init; }

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(IsPaced ? "paced-" : "")}{Kind}-{Number}");

    /// <summary>Workers at its start, each on a core of its own.</summary>
    public required int Workers { get; init; }

    /// <summary>About how long it is to take.</summary>
    public required double Seconds { get; init; }
    public required int Shards { get; init; }
    public required string Model { get; init; }

    /// <summary>Kinds of images, one after the other, in equal numbers.</summary>
    public required IReadOnlyList<string> Folders { get; init; }
    public required IReadOnlyList<EtaEvent> Events { get; init; }

    public static EtaPlan Draw(string kind, int number, bool isPaced = false)
    {
        var random = new Random($"{kind}{(isPaced ? "-paced" : "")}".Aggregate(number, (hash, letter) => unchecked((hash * 31) + letter)));
        EtaChange[] changes = kind switch
        {
            "joins" => [EtaChange.Join],
            "leaves" => [EtaChange.Leave],
            "killed" => [EtaChange.Kill],
            "paused" => [EtaChange.Pause],
            "competing" => [EtaChange.Compete],
            "mixed" => [.. random.GetItems([EtaChange.Leave, EtaChange.Pause, EtaChange.Compete, EtaChange.Kill], 2).Distinct()],
            _ => [],
        };
        var isVaried = kind is "folders" or "mixed";
        // Paced runs do not wear the machine, several can be recorded side by side, and so they may be longer.
        var scale = isPaced ? PacedScale : 1;
        return new EtaPlan
        {
            Kind = kind,
            Number = number,
            IsPaced = isPaced,
            Workers = kind is "joins" ? 1 : 2,
            Seconds = (60 + (90 * random.NextDouble())) * scale,
            // A collection whose parts differ has many shards: of few, one that is slow would be most of what is under way.
            Shards = random.Next(12, 41) * (isVaried ? 4 : 1),
            Model = $"dragonfly-tiny-v{random.Next(1, 3)}",
            Folders = isVaried ? random.GetItems([.. EtaImages.Kinds], random.Next(3, 11)) : [EtaImages.Usual],
            Events = [.. changes.Select(change => new EtaEvent(0.05 + (0.9 * random.NextDouble()), change, (5 + (15 * random.NextDouble())) * Math.Sqrt(scale))).OrderBy(change => change.Share)],
        };
    }
}
