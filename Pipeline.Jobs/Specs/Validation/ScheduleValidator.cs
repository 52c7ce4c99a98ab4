using System.Globalization;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Judges how a job is to be run.</summary>
internal static class ScheduleValidator
{
    private const int MostShards = 100_000;

    /// <param name="schedule">As it would stand.</param>
    /// <param name="pointer">Where it stands in the JSON.</param>
    /// <param name="now">What a deadline must be after.</param>
    public static IEnumerable<SpecFault> Validate(ScheduleSpec schedule, string pointer, DateTimeOffset now)
    {
        if (schedule.Priority is < 1 or > ScheduleSpec.HighestPriority)
        {
            yield return new($"{pointer}/priority", $"priority is {schedule.Priority}: use 1 to {ScheduleSpec.HighestPriority}; {ScheduleSpec.DefaultPriority} is usual.");
        }

        if (schedule.MaxConcurrentShards is < 1 or > MostShards)
        {
            yield return new($"{pointer}/max_concurrent_shards", $"max_concurrent_shards is {schedule.MaxConcurrentShards}: use 1 to {MostShards}, or leave it out; pause stops a job for a while.");
        }

        if (schedule.Deadline <= now)
        {
            yield return new($"{pointer}/deadline", $"{Shown(schedule.Deadline.Value)} is over (now is {Shown(now)}): use a later deadline, or leave it out.");
        }

        if (schedule.MaxFailedRows < 0)
        {
            yield return new($"{pointer}/max_failed_rows", $"max_failed_rows is {schedule.MaxFailedRows}: use 0 or more.");
        }

        if (schedule.MaxFailedShare is < 0 or > 1)
        {
            yield return new($"{pointer}/max_failed_share", $"max_failed_share is {schedule.MaxFailedShare.Value.ToString(CultureInfo.InvariantCulture)}: use 0 to 1, for example 0.05 for one row in twenty.");
        }
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
