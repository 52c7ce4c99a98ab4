using Pipeline.Jobs.State;

namespace Pipeline.Cli.Display;

/// <summary>Speed and time left. The server's are over a minute; until it has any, what was seen here stands in.</summary>
internal sealed class SpeedGauge(TimeProvider time)
{
    private (long Done, long At)? _first;

    public (double? ImagesPerSecond, double? SecondsLeft) Read(JobView job)
    {
        if (job.ImagesPerSecond is > 0)
        {
            return (job.ImagesPerSecond, job.EtaSeconds);
        }

        if (job.State is not JobState.InProgress)
        {
            return (null, null);
        }

        _first ??= (job.Images.Done, time.GetTimestamp());
        var elapsed = time.GetElapsedTime(_first.Value.At).TotalSeconds;
        var done = job.Images.Done - _first.Value.Done;
        if (done <= 0 || elapsed <= 0)
        {
            return (null, null);
        }

        var rate = done / elapsed;
        return (rate, (job.Images.Total - job.Images.Done) / rate);
    }
}
