using System.Globalization;
using System.Text.Json;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>A job's hash and back. A hash has no nulls and cannot drop a field, so "" is null here.</summary>
internal static class JobFields
{
    public const string State = "state";
    public const string Run = "run";
    public const string Error = "error";
    public const string CancelRequested = "cancel_requested_at";
    public const string PauseRequested = "pause_requested_at";
    public const string Schedule = "schedule";
    public const string Version = "version";
    public const string Served = "served";
    public const string ImagesTotal = "images_total";
    public const string ImagesDoneBefore = "images_done_before";
    public const string ShardsTotal = "shards_total";
    public const string ControlTicket = "control_ticket";
    public const string Progress = "progress";
    public const string Outcome = "outcome";
    public const string Places = "places";
    private const string Tenant = "tenant";
    private const string Spec = "spec";
    private const string CreatedAt = "created_at";

    public static string EnteredAt(JobState state) => $"{JobJson.NameOf(state)}_at";

    /// <summary>All fields of a new job: later writes only ever replace, which every storage does atomically.</summary>
    public static Dictionary<string, string> Create(JobSpec spec, ScheduleSpec schedule, string? tenant, DateTimeOffset now)
    {
        var fields = Restart(1, schedule, now);
        fields[Spec] = JobSpecJson.Write(spec);
        fields[Tenant] = tenant ?? "";
        fields[CreatedAt] = Text(now);
        fields[Version] = "1";
        fields[Progress] = JsonSerializer.Serialize(new JobProgress(), JobJson.Default.JobProgress);
        foreach (var state in Enum.GetValues<JobState>())
        {
            fields.TryAdd(EnteredAt(state), "");
        }

        return fields;
    }

    /// <summary>What a new run of the job begins with.</summary>
    public static Dictionary<string, string> Restart(int run, ScheduleSpec schedule, DateTimeOffset now) => new()
    {
        [State] = JobJson.NameOf(JobState.Planning),
        [EnteredAt(JobState.Planning)] = Text(now),
        [Run] = run.ToString(CultureInfo.InvariantCulture),
        [Error] = "",
        [CancelRequested] = "",
        [PauseRequested] = "",
        [EnteredAt(JobState.Paused)] = "",
        [Schedule] = Text(schedule),
        [ImagesTotal] = "",
        [ImagesDoneBefore] = "0",
        [ShardsTotal] = "",
        [ControlTicket] = "",
        [Outcome] = "",
    };

    public static JobRecord Read(string jobId, Dictionary<string, string> fields) => new()
    {
        Id = jobId,
        Tenant = NullIfEmpty(fields, Tenant),
        Places = NullIfEmpty(fields, Places) is { } places ? JsonSerializer.Deserialize(places, JobJson.Default.IReadOnlyListString) : null,
        Spec = JobSpecJson.Parse(fields[Spec]),
        State = JobJson.StateOf(fields[State]),
        CreatedAt = Time(fields[CreatedAt]),
        EnteredAt = Enum.GetValues<JobState>()
            .Where(state => NullIfEmpty(fields, EnteredAt(state)) is not null)
            .ToDictionary(state => state, state => Time(fields[EnteredAt(state)])),
        Run = int.Parse(fields[Run], CultureInfo.InvariantCulture),
        Version = NullIfEmpty(fields, Version) is { } version ? int.Parse(version, CultureInfo.InvariantCulture) : 1,
        Error = NullIfEmpty(fields, Error),
        CancelRequested = NullIfEmpty(fields, CancelRequested) is not null,
        PauseRequested = NullIfEmpty(fields, PauseRequested) is not null,
        Schedule = NullIfEmpty(fields, Schedule) is { } schedule ? JsonSerializer.Deserialize(schedule, JobJson.Default.ScheduleSpec)! : new(),
        Served = NullIfEmpty(fields, Served) is { } served ? double.Parse(served, CultureInfo.InvariantCulture) : 0,
        ImagesTotal = NullIfEmpty(fields, ImagesTotal) is { } images ? long.Parse(images, CultureInfo.InvariantCulture) : null,
        ImagesDoneBefore = long.Parse(fields[ImagesDoneBefore], CultureInfo.InvariantCulture),
        ShardsTotal = NullIfEmpty(fields, ShardsTotal) is { } shards ? int.Parse(shards, CultureInfo.InvariantCulture) : null,
        ControlTicket = NullIfEmpty(fields, ControlTicket),
        Progress = JsonSerializer.Deserialize(fields[Progress], JobJson.Default.JobProgress)!,
        Outcome = NullIfEmpty(fields, Outcome) is { } outcome ? JsonSerializer.Deserialize(outcome, JobJson.Default.JobOutcome) : null,
    };

    public static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    public static string Text(ScheduleSpec schedule) => JsonSerializer.Serialize(schedule, JobJson.Default.ScheduleSpec);

    public static string Text(IReadOnlyList<string>? places) => places is null ? "" : JsonSerializer.Serialize(places, JobJson.Default.IReadOnlyListString);

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    private static string? NullIfEmpty(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
