using System.Globalization;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Tells when a job's schedule gives it up.</summary>
internal static class Patience
{
    /// <summary>Why the job is to fail now; null: it is not.</summary>
    public static string? WhyGiveUp(JobRecord job, JobProgress progress, DateTimeOffset now)
    {
        var schedule = job.Schedule;
        if (schedule.Deadline is { } deadline && now >= deadline)
        {
            return $"The deadline {deadline.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} passed with {progress.ImagesDone:N0} of {job.ImagesTotal?.ToString("N0", CultureInfo.InvariantCulture) ?? "an unknown number of"} images done: "
                + "submit the job again with a later deadline, or without one; what is committed stays.";
        }

        var byShare = schedule.MaxFailedShare is { } share && job.ImagesTotal is { } total ? (long)Math.Floor(share * total) : (long?)null;
        if (Math.Min(schedule.MaxFailedRows ?? long.MaxValue, byShare ?? long.MaxValue) is var most && progress.ImagesFailed > most)
        {
            var budget = byShare == most
                ? $"{most:N0} ({schedule.MaxFailedShare!.Value.ToString("0.####", CultureInfo.InvariantCulture)} of {job.ImagesTotal:N0} images)"
                : $"{most:N0}";
            return $"{progress.ImagesFailed:N0} rows are failures, and the failure budget is {budget}: see why in the rows' error_code, and submit the job again with a larger budget, or mend the images and start in an empty output.";
        }

        return null;
    }
}
