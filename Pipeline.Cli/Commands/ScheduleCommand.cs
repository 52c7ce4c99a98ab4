using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Display;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline schedule JOB</c>: changes how a job is run while it runs.</summary>
internal static class ScheduleCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new ScheduleOptions();
        var command = JobVerb.Create(
            terminal,
            "schedule",
            "Change a job's priority, limit of shards, deadline or failure budget; it holds from the next shard on.",
            (api, id, parsed, cancellationToken) => api.ChangeScheduleAsync(
                id,
                options.Schedule(parsed)?.ToJsonString() ?? throw CommandException.Usage("There is nothing to change: give --priority or another option."),
                cancellationToken),
            job => $"Job {job.Id}: {Words(job.Schedule)}.");
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        return command;
    }

    private static string Words(ScheduleSpec schedule) => string.Join(", ", (IEnumerable<string>)
    [
        $"priority {schedule.Priority}",
        .. schedule.MaxConcurrentShards is { } shards ? [$"at most {shards} shards at a time"] : Array.Empty<string>(),
        .. schedule.Deadline is { } deadline ? [$"deadline {deadline.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
        .. schedule.MaxFailedRows is { } rows ? [$"at most {rows} failed rows"] : Array.Empty<string>(),
        .. schedule.MaxFailedShare is { } share ? [$"at most {share.ToString(CultureInfo.InvariantCulture)} of the rows failed"] : Array.Empty<string>(),
    ]);
}
