using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class PatienceTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, 200, false)]
    [InlineData(10L, null, 10, false)]
    [InlineData(10L, null, 11, true)]
    [InlineData(0L, null, 1, true)]
    [InlineData(null, 0.05, 10, false)]
    [InlineData(null, 0.05, 11, true)]
    [InlineData(null, 0.0, 1, true)]
    [InlineData(100L, 0.05, 11, true)]
    [InlineData(5L, 0.05, 6, true)]
    public void A_failure_budget_is_spent_by_one_row_too_many(long? rows, double? share, int failed, bool isSpent) => Assert.Equal(
        isSpent,
        Why(new ScheduleSpec { MaxFailedRows = rows, MaxFailedShare = share }, failed) is not null);

    [Fact]
    public void The_reason_names_the_numbers_and_the_mend() => Assert.Equal(
        "11 rows are failures, and the failure budget is 10 (0.05 of 200 images): see why in the rows' error_code, and submit the job again with a larger budget, or mend the images and start in an empty output.",
        Why(new ScheduleSpec { MaxFailedShare = 0.05 }, 11));

    [Fact]
    public void A_deadline_is_over_when_it_comes()
    {
        Assert.Null(Why(new ScheduleSpec { Deadline = s_now.AddSeconds(1) }, 0));
        Assert.StartsWith("The deadline 2026-03-01T12:00:00Z passed with 40 of 200 images done:", Why(new ScheduleSpec { Deadline = s_now }, 0), StringComparison.Ordinal);
    }

    private static string? Why(ScheduleSpec schedule, int failed) => Patience.WhyGiveUp(
        new JobRecord
        {
            Id = "job-1",
            Spec = SpecSamples.Spec(),
            State = JobState.InProgress,
            CreatedAt = s_now,
            EnteredAt = new Dictionary<JobState, DateTimeOffset>(),
            ImagesTotal = 200,
            Schedule = schedule,
        },
        new JobProgress { ImagesDone = 40, ImagesFailed = failed },
        s_now);
}
