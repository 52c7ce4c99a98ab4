namespace Pipeline.Jobs.State;

/// <summary>
/// What is known of a shard whose workers died: the rows among which the one is that kills them. Each death on trial halves them, so that of n
/// rows at most ⌈log2 n⌉ trials kill (one, if n is 1) before the row is alone and written off.
/// </summary>
public sealed record ShardCrashes
{
    /// <summary>Attempts that ended without a word.</summary>
    public required int Count { get; init; }

    /// <summary>First of the suspected rows, 0-based.</summary>
    public int From { get; init; }

    /// <summary>Suspected rows; 0 if none are.</summary>
    public int Suspects { get; init; }

    /// <summary>So many of the suspects, from the first on, are worked on now and nothing else of the shard is; 0 if none are.</summary>
    public int OnTrial { get; init; }

    /// <summary>Rows that killed their worker alone: never worked on again.</summary>
    public IReadOnlyList<int> Convicted { get; init; } = [];

    /// <summary>Counts the death of an attempt.</summary>
    /// <param name="known">What was known when it died.</param>
    /// <param name="rows">Of the shard.</param>
    public static ShardCrashes AfterDeath(ShardCrashes? known, int rows)
    {
        var before = known ?? new ShardCrashes { Count = 0 };
        var counted = before with { Count = before.Count + 1, OnTrial = 0 };
        return before switch
        {
            { OnTrial: 1 } => counted with { Suspects = 0, Convicted = [.. before.Convicted, before.From] },
            { OnTrial: > 1 } => counted with { Suspects = before.OnTrial },
            { Suspects: 0 } => counted with { From = 0, Suspects = rows },
            _ => counted,
        };
    }

    /// <summary>Puts the first half of the suspects on trial, the larger one.</summary>
    public ShardCrashes BeginTrial() => this with { OnTrial = (Suspects + 1) / 2 };

    /// <summary>Those on trial killed nobody.</summary>
    public ShardCrashes Acquit() => this with { From = From + OnTrial, Suspects = Suspects - OnTrial, OnTrial = 0 };

    /// <summary>The attempt ends in good order.</summary>
    public ShardCrashes Adjourn() => this with { OnTrial = 0 };
}
