using System.Text.Json;

namespace Train.Runs;

/// <summary>Where a run stands. Every batch follows from the seed and its number, so these numbers are the random state as well.</summary>
internal sealed record RunState
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public required string Recipe { get; init; }

    public required int Seed { get; init; }

    /// <summary>Checkpoint folder that the first weights were read from, as it was named; null: none.</summary>
    public string? Start { get; init; }

    /// <summary>Number of the phase; as many as the recipe has: done.</summary>
    public int Phase { get; set; }

    public int PhaseSteps { get; set; }

    public int Steps { get; set; }

    public double Seconds { get; set; }

    /// <summary>Scenes seen; the next one's number.</summary>
    public long Scenes { get; set; }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_json));

    public static RunState Read(string file) =>
        JsonSerializer.Deserialize<RunState>(File.ReadAllText(file)) ?? throw new InvalidDataException($"'{file}' holds no state of a run.");
}
