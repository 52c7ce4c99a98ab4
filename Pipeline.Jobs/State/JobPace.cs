namespace Pipeline.Jobs.State;

/// <summary>How a run went so far, in few points: images done against the work put in, which is shards under way summed over time.</summary>
/// <remarks>Workers that come and go change the work that is put in, and not what a piece of work gives: so what was learned with two workers tells what eight will do.</remarks>
public sealed record JobPace
{
    private const int MostPoints = 64;

    /// <summary>Oldest first; the last is the newest look, the others are about <see cref="Spacing"/> apart.</summary>
    public IReadOnlyList<PacePoint> Points { get; init; } = [];

    /// <summary>Shard-seconds between two points; doubles whenever there are too many of them.</summary>
    public double Spacing { get; init; }

    /// <summary>Shard-seconds put in.</summary>
    public double Work => Points is [.., var last] ? last.Work : 0;

    /// <param name="now">Time of the look.</param>
    /// <param name="done">Images with a row.</param>
    /// <param name="running">Shards under way.</param>
    public JobPace Next(DateTimeOffset now, long done, int running)
    {
        // Before its first image a run loads a model, and nothing can be learned from that.
        if (Points is [] || (Points is [var first] && done <= first.Done))
        {
            return this with { Points = [new(now, done, 0)] };
        }

        var newest = new PacePoint(now, done, Work + (running * (now - Points[^1].At).TotalSeconds));
        var kept = Points.Count > 1 && newest.Work - Points[^2].Work < Spacing ? Points.Take(Points.Count - 1) : Points;
        var next = this with { Points = [.. kept, newest] };
        return next.Points.Count <= MostPoints ? next : next with
        {
            Points = [.. next.Points.Where((_, index) => index % 2 == 0 || index == MostPoints)],
            Spacing = 2 * newest.Work / MostPoints,
        };
    }

    /// <summary>Images done when so much work had been put in; between two points on the line between them.</summary>
    internal double DoneAt(double work)
    {
        var after = 1;
        while (after < Points.Count - 1 && Points[after].Work < work)
        {
            after++;
        }

        var (from, to) = (Points[after - 1], Points[after]);
        return to.Work > from.Work ? from.Done + ((to.Done - from.Done) * Math.Clamp((work - from.Work) / (to.Work - from.Work), 0, 1)) : to.Done;
    }
}

/// <summary>One point of a run.</summary>
/// <param name="At">When.</param>
/// <param name="Done">Images with a row.</param>
/// <param name="Work">Shard-seconds since the first point.</param>
public sealed record PacePoint(DateTimeOffset At, long Done, double Work);
