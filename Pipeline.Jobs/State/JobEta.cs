namespace Pipeline.Jobs.State;

/// <summary>Time until a job's last image, in seconds, and the range in which it lies about five times of six (<c>benchmarks/results/eta.md</c>).</summary>
public readonly record struct JobEta(double Seconds, double Low, double High)
{
    /// <summary>The run is looked at in so many pieces of equal work.</summary>
    private const int Blocks = 24;

    /// <summary>A piece counts half of one that is so many pieces younger.</summary>
    private const double HalfLife = 12;

    /// <summary>Even a run that was perfectly steady may change.</summary>
    private const double LeastSpread = 0.05;

    /// <summary>Of a single shard under way, of its square root with more: where few work, one worker that comes or goes changes much.</summary>
    private const double SpreadOfOne = 0.35;

    /// <summary>Spreads on either side.</summary>
    private const double Width = 1.9;

    /// <summary>Points before which a run says too little.</summary>
    private const int LeastPoints = 6;

    /// <summary>
    /// Images a piece of work gave so far, the later ones counting more, times the work that will be put in. The range comes from how much the pieces differ, how alike
    /// neighbours are (few long stretches tell less than many short ones), how much is left for chance to act on, and how few shards share the work.
    /// </summary>
    /// <param name="pace">Of this run.</param>
    /// <param name="left">Images to be done yet.</param>
    /// <param name="running">Shards under way, on average of late, or until its end where that is known.</param>
    /// <returns>Null where too little is known, or nothing runs.</returns>
    public static JobEta? Of(JobPace pace, long left, double running)
    {
        if (running <= 0 || Pieces(pace) is not { Mean: > 0 } pieces)
        {
            return null;
        }

        var (rates, weights, rate) = pieces;
        var variance = rates.Zip(weights, (r, w) => w * (r - rate) * (r - rate)).Sum() / weights.Sum();
        var alike = Likeness(rates, rate);
        var seen = weights.Sum() * weights.Sum() / weights.Sum(w => w * w);
        var ahead = Math.Max(left / rate / (pace.Work / Blocks), alike);
        var spread = Math.Sqrt((variance / (rate * rate) * ((alike / seen) + (alike / ahead))) + (LeastSpread * LeastSpread) + (SpreadOfOne * SpreadOfOne / Math.Max(1, running)));
        var seconds = left / (rate * running);
        return new JobEta(seconds, seconds / (1 + (Width * spread)), seconds * (1 + (Width * spread)));
    }

    /// <summary>Images that one shard under way gives in a second; null where too little is known.</summary>
    public static double? RateOf(JobPace pace) => Pieces(pace)?.Mean;

    /// <summary>Rates of the run's pieces, what each counts, and their mean.</summary>
    private static (double[] Rates, double[] Weights, double Mean)? Pieces(JobPace pace)
    {
        if (pace.Points.Count < LeastPoints || pace.Work <= 0)
        {
            return null;
        }

        var piece = pace.Work / Blocks;
        var done = Enumerable.Range(0, Blocks + 1).Select(i => pace.DoneAt(i * piece)).ToArray();
        var rates = Enumerable.Range(0, Blocks).Select(i => (done[i + 1] - done[i]) / piece).ToArray();
        var weights = Enumerable.Range(0, Blocks).Select(i => Math.Pow(0.5, (Blocks - 1 - i) / HalfLife)).ToArray();
        return (rates, weights, rates.Zip(weights, (r, w) => r * w).Sum() / weights.Sum());
    }

    /// <summary>So many neighbouring pieces tell no more than one: 1 where each is independent of the last.</summary>
    private static double Likeness(double[] rates, double mean)
    {
        var squares = rates.Sum(rate => (rate - mean) * (rate - mean));
        var neighbours = rates.Skip(1).Zip(rates, (next, rate) => (next - mean) * (rate - mean)).Sum();
        var correlation = squares > 0 ? Math.Clamp(neighbours / squares, 0, 0.85) : 0;
        return (1 + correlation) / (1 - correlation);
    }
}
