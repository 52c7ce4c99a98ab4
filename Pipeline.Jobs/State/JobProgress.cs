using Pipeline.Jobs.Statistics;

namespace Pipeline.Jobs.State;

/// <summary>How far a job got, summed over its shards by the reconciler about once a second.</summary>
public sealed record JobProgress
{
    /// <summary>Speed is measured over this long, so that it follows the job and still does not jump.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    /// <summary>Shards under way are averaged over this long: enough for short ones, which are not seen at each look, and a worker that comes or goes soon counts.</summary>
    private static readonly TimeSpan s_present = TimeSpan.FromSeconds(20);

    /// <summary>Samples closer than this say nothing new.</summary>
    private static readonly TimeSpan s_spacing = TimeSpan.FromSeconds(2);

    /// <summary>What a job that an earlier version wrote does not say: read from JSON, members that are missing are null.</summary>
    private static readonly Dictionary<string, long> s_none = [];
    private static readonly JobPace s_unknown = new();

    public long ImagesDone { get; init; }

    /// <summary>Of <see cref="ImagesDone"/>, the failures.</summary>
    public long ImagesFailed { get; init; }

    /// <summary>Of <see cref="ImagesDone"/>, those in committed shards.</summary>
    public long ImagesCommitted { get; init; }

    /// <summary>Of <see cref="ImagesCommitted"/>, the failures.</summary>
    public long FailedCommitted { get; init; }

    /// <summary>Of <see cref="ImagesFailed"/>, how many of each error code.</summary>
    public IReadOnlyDictionary<string, long> Failures { get => field ?? s_none; init; }

    /// <summary>Of <see cref="FailedCommitted"/>, how many of each error code.</summary>
    public IReadOnlyDictionary<string, long> FailuresCommitted { get => field ?? s_none; init; }

    public int ShardsCommitted { get; init; }
    public int ShardsRunning { get; init; }

    /// <summary>The last minute, oldest first.</summary>
    public IReadOnlyList<ProgressSample> Samples { get; init; } = [];

    /// <summary>The whole run, in few points. Written with the rest, and never by itself.</summary>
    public JobPace Pace { get => field ?? s_unknown; init; }

    /// <summary>Shards under way, on average of the last 20 s.</summary>
    public double MeanRunning
    {
        get
        {
            if (Samples is not [.., var last])
            {
                return ShardsRunning;
            }

            var first = Samples.First(sample => last.At - sample.At <= s_present);
            return last.At > first.At ? Math.Max(0, (last.Work - first.Work) / (last.At - first.At).TotalSeconds) : ShardsRunning;
        }
    }

    /// <summary>Shards under way until its end, on average, as other jobs leave it workers; null where nobody said. Written with the rest, and never by itself.</summary>
    public double? ExpectedRunning { get; init; }

    /// <summary>Images a second over the last minute, or null as long as there are not two samples apart.</summary>
    public double? ImagesPerSecond => Samples is [var first, .., var last] && last.At > first.At
        ? Math.Max(0, (last.ImagesDone - first.ImagesDone) / (last.At - first.At).TotalSeconds)
        : null;

    /// <summary>What is known of a job from the commits of earlier runs, before this run does anything.</summary>
    public static JobProgress Of(IEnumerable<ShardStatus> committed) => new JobProgress().Commit([.. committed]);

    /// <summary>With more shards committed.</summary>
    public JobProgress Commit(IReadOnlyCollection<ShardStatus> committed) => this with
    {
        ImagesCommitted = ImagesCommitted + committed.Sum(shard => (long)shard.Done),
        FailedCommitted = FailedCommitted + committed.Sum(shard => (long)shard.FailedRows),
        FailuresCommitted = Sum(FailuresCommitted, committed),
        ShardsCommitted = ShardsCommitted + committed.Count,
    };

    /// <summary>With the shards that are under way now, and a sample of the speed.</summary>
    /// <param name="underWay">Those that have a place and are not committed.</param>
    /// <param name="now">Time of the look.</param>
    /// <param name="heartbeatTimeout">A shard that says nothing for longer does not run.</param>
    /// <param name="ended">Shards that were committed since the last look: short ones are never seen to run, and work was put into them.</param>
    public JobProgress Next(IReadOnlyCollection<ShardStatus> underWay, DateTimeOffset now, TimeSpan heartbeatTimeout, int ended = 0)
    {
        var done = ImagesCommitted + underWay.Sum(shard => (long)shard.Done);
        var running = underWay.Count(shard => shard.IsRunning(now, heartbeatTimeout));
        var pace = Pace.Next(now, done, running + ended);
        return this with
        {
            ImagesDone = done,
            ImagesFailed = FailedCommitted + underWay.Sum(shard => (long)shard.FailedRows),
            Failures = Sum(FailuresCommitted, underWay),
            ShardsRunning = running,
            Samples = Sampled(done, now, pace.Work),
            Pace = pace,
        };
    }

    /// <summary>Records compare by value, and so must the samples in them: an unchanged job is not written again.</summary>
    public bool Equals(JobProgress? other) =>
        other is not null
        && (ImagesDone, ImagesFailed, ImagesCommitted, FailedCommitted, ShardsCommitted, ShardsRunning)
            == (other.ImagesDone, other.ImagesFailed, other.ImagesCommitted, other.FailedCommitted, other.ShardsCommitted, other.ShardsRunning)
        && Samples.SequenceEqual(other.Samples);

    public override int GetHashCode() => HashCode.Combine(ImagesDone, ImagesFailed, ShardsCommitted, ShardsRunning, Samples.Count);

    private static IReadOnlyDictionary<string, long> Sum(IReadOnlyDictionary<string, long> failures, IEnumerable<ShardStatus> shards)
    {
        var sum = new CountTable();
        sum.Add(failures);
        foreach (var shard in shards)
        {
            sum.Add(shard.Failures ?? new Dictionary<string, long>());
        }

        return sum.ToSorted();
    }

    private IReadOnlyList<ProgressSample> Sampled(long done, DateTimeOffset now, double work)
    {
        if (Samples is [.., var last])
        {
            if (done < last.ImagesDone)
            {
                // A shard began again: older samples would show a negative speed.
                return [new(now, done, work)];
            }

            if (now - last.At < s_spacing)
            {
                return Samples;
            }
        }

        return [.. Samples.Where(sample => now - sample.At <= s_window), new(now, done, work)];
    }
}

/// <summary>One point of a job's speed.</summary>
/// <param name="At">When.</param>
/// <param name="ImagesDone">Images with a row.</param>
/// <param name="Work">Shard-seconds put in.</param>
public sealed record ProgressSample(DateTimeOffset At, long ImagesDone, double Work = 0);
