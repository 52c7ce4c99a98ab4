using System.Text.Json;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class ScheduleReaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_not_named_stays_and_null_resets()
    {
        var present = new ScheduleSpec { Priority = 7, MaxConcurrentShards = 3, MaxFailedRows = 9, Deadline = s_now.AddDays(1) };

        var changed = Change("""{ "priority": null, "max_concurrent_shards": 8, "max_failed_rows": null, "max_failed_share": 0.25 }""", present);

        Assert.Equal(new ScheduleSpec { MaxConcurrentShards = 8, MaxFailedShare = 0.25, Deadline = s_now.AddDays(1) }, changed);
        Assert.Equal(present, Change("{}", present));
    }

    [Fact]
    public void A_deadline_is_read_with_its_offset() => Assert.Equal(
        new DateTimeOffset(2026, 3, 2, 6, 30, 0, TimeSpan.Zero),
        Change("""{ "deadline": "2026-03-02T08:30:00+02:00" }""", new()).Deadline);

    [Theory]
    [InlineData("""{ "priority": 11 }""", "/priority")]
    [InlineData("""{ "priority": "high" }""", "/priority")]
    [InlineData("""{ "max_concurrent_shards": 0 }""", "/max_concurrent_shards")]
    [InlineData("""{ "deadline": "2026-03-01T11:59:59Z" }""", "/deadline")]
    [InlineData("""{ "deadline": "2026-03-02T08:30:00" }""", "/deadline")]
    [InlineData("""{ "deadline": "tomorrow" }""", "/deadline")]
    [InlineData("""{ "deadline": 12 }""", "/deadline")]
    [InlineData("""{ "max_failed_rows": -1 }""", "/max_failed_rows")]
    [InlineData("""{ "max_failed_share": 1.5 }""", "/max_failed_share")]
    [InlineData("""{ "prio": 1 }""", "/prio")]
    [InlineData("[]", "")]
    public void What_is_wrong_is_named(string json, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Assert.Throws<JobSpecException>(() => Change(json, new())).Faults).Pointer);

    [Fact]
    public void How_a_job_is_run_is_no_part_of_its_id()
    {
        var spec = SpecSamples.Spec();
        Assert.Equal(JobId.Of(spec), JobId.Of(spec with { Schedule = new ScheduleSpec { Priority = 9 } }));
    }

    private static ScheduleSpec Change(string json, ScheduleSpec present)
    {
        using var document = JsonDocument.Parse(json);
        return ScheduleReader.Change(document.RootElement, present, s_now);
    }
}
