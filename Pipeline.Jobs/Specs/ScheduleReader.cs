using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads the schedule of a spec, or a change of one.</summary>
public static class ScheduleReader
{
    private static readonly ImmutableArray<string> s_members = ["priority", "max_concurrent_shards", "deadline", "max_failed_rows", "max_failed_share"];

    /// <summary>The schedule with every member that the JSON names replaced; null gives a member its default.</summary>
    /// <param name="json">An object of the members to change.</param>
    /// <param name="present">What stands for the others.</param>
    /// <param name="now">What a deadline must be after.</param>
    /// <exception cref="JobSpecException">Lists everything wrong with it.</exception>
    public static ScheduleSpec Change(JsonElement json, ScheduleSpec present, DateTimeOffset now)
    {
        var faults = new List<SpecFault>();
        var changed = Read(json, "", faults, present);
        faults.AddRange(Validation.ScheduleValidator.Validate(changed, "", now));
        return faults.Count == 0 ? changed : throw new JobSpecException(faults);
    }

    internal static ScheduleSpec Read(JsonElement json, string pointer, List<SpecFault> faults, ScheduleSpec present)
    {
        var members = JsonMembers.Of(json, pointer, s_members, faults);
        return new ScheduleSpec
        {
            Priority = Member("priority", present.Priority, value => JsonValues.IntegerOf(value, ScheduleSpec.DefaultPriority, members.PointerTo("priority"), faults), ScheduleSpec.DefaultPriority),
            MaxConcurrentShards = Member<int?>("max_concurrent_shards", present.MaxConcurrentShards, value => JsonValues.IntegerOf(value, 8, members.PointerTo("max_concurrent_shards"), faults)),
            Deadline = Member("deadline", present.Deadline, value => TimeOf(value, members.PointerTo("deadline"), faults)),
            MaxFailedRows = Member<long?>("max_failed_rows", present.MaxFailedRows, value => JsonValues.LongOf(value, 100, members.PointerTo("max_failed_rows"), faults)),
            MaxFailedShare = Member<double?>("max_failed_share", present.MaxFailedShare, value => JsonValues.NumberOf(value, 0.05, members.PointerTo("max_failed_share"), faults)),
        };

        T Member<T>(string name, T stands, Func<JsonElement, T> read, T unset = default!) =>
            json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(name, out _) ? stands
            : members.Find(name) is { } value ? read(value)
            : unset;
    }

    private static DateTimeOffset? TimeOf(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var text = JsonValues.StringOf(json, pointer, faults);
        if (json.ValueKind is not JsonValueKind.String || HasOffset(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.ToUniversalTime() : null;
        }

        faults.Add(new(pointer, $"{JsonValues.Shown(json)} is no time: write date, time and offset, for example \"2027-01-31T18:00:00Z\"."));
        return null;
    }

    /// <summary>A time without an offset would be taken for one where the server stands.</summary>
    private static bool HasOffset(string text) =>
        text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
}
