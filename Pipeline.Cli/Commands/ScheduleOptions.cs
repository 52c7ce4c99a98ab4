using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary>The options that say how a job is run. One that is not given is not sent.</summary>
internal sealed class ScheduleOptions
{
    private readonly Option<int?> _priority = new("--priority")
    {
        Description = $"1 to {ScheduleSpec.HighestPriority}, usually {ScheduleSpec.DefaultPriority}: each step up doubles the job's share of the workers.",
        HelpName = "N",
    };

    private readonly Option<int?> _maxConcurrentShards = new("--max-concurrent-shards")
    {
        Description = "Most shards of the job that are under way at a time. Default: as many as there are workers.",
        HelpName = "N",
    };

    private readonly Option<string?> _deadline = new("--deadline")
    {
        Description = "The job fails if its images are not done by then: a time with offset, for example 2027-01-31T18:00:00Z.",
        HelpName = "TIME",
    };

    private readonly Option<long?> _maxFailedRows = new("--max-failed-rows")
    {
        Description = "The job fails once more rows than these are failures. Default: any number.",
        HelpName = "N",
    };

    private readonly Option<double?> _maxFailedShare = new("--max-failed-share")
    {
        Description = "The job fails once more of its rows than this share are failures: 0 to 1.",
        HelpName = "X",
    };

    public IEnumerable<Option> All => [_priority, _maxConcurrentShards, _deadline, _maxFailedRows, _maxFailedShare];

    /// <summary>The member <c>schedule</c>; null where nothing is given.</summary>
    public JsonObject? Schedule(ParseResult parsed)
    {
        var schedule = new JsonObject();
        foreach (var (name, value) in (IEnumerable<(string, JsonNode?)>)
        [
            ("priority", parsed.GetValue(_priority)),
            ("max_concurrent_shards", parsed.GetValue(_maxConcurrentShards)),
            ("deadline", parsed.GetValue(_deadline)),
            ("max_failed_rows", parsed.GetValue(_maxFailedRows)),
            ("max_failed_share", parsed.GetValue(_maxFailedShare)),
        ])
        {
            if (value is not null)
            {
                schedule[name] = value;
            }
        }

        return schedule.Count > 0 ? schedule : null;
    }
}
