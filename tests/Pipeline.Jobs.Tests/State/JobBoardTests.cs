using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.State;

public sealed class JobBoardTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Theory, EachStorage]
    public async Task What_is_seen_is_what_the_storage_says_of_each_job(StorageKind kind)
    {
        var settings = await Storages.SettingsAsync(kind, postgres);
        var storage = StorageFactory.Create(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        var jobs = new JobStore(storage, _time);
        await using var rows = settings.TryGetValue("ConnectionStrings:Hangfire", out var connection) ? new JobRows(connection!) : null;
        var board = new JobBoard(jobs, _time, rows);
        Assert.Empty(board.Look());

        foreach (var id in (string[])["job-1", "job-2", "job-3"])
        {
            jobs.Start(id, SpecSamples.Spec());
        }

        jobs.MoveTo("job-1", JobState.Completed, null);
        jobs.MoveTo("job-2", JobState.Failed, "No space is left.");
        AssertSeen(board, jobs);
        jobs.MoveTo("job-3", JobState.InProgress, null);
        jobs.Start("job-2", SpecSamples.Spec());
        jobs.Start("job-4", SpecSamples.Spec());
        AssertSeen(board, jobs);
        jobs.MoveTo("job-3", JobState.Completed, null);
        AssertSeen(board, jobs);
    }

    private void AssertSeen(JobBoard board, JobStore jobs)
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        string Text(JobView job) => JsonSerializer.Serialize(job, JobJson.Default.JobView);
        Assert.Equal(jobs.List(0, 100).Jobs.OrderBy(job => job.Id).Select(Text), board.Look().OrderBy(job => job.Id).Select(Text));
    }
}
