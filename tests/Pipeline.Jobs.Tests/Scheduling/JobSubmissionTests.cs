using Hangfire.InMemory;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class JobSubmissionTests : IDisposable
{
    private readonly SchedulingBench _bench = new(new InMemoryStorage(), new Workplace());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_new_job_claims_its_output_with_its_spec()
    {
        var started = await _bench.Submission.SubmitAsync(_bench.Place.Spec, Token);

        Assert.Equal((StartKind.Created, JobId.Of(_bench.Place.Spec)), (started.Kind, started.Job.Id));
        var claim = await File.ReadAllTextAsync(Path.Combine(_bench.Place.Output, OutputLayout.Job), Token);
        Assert.Contains(started.Job.Id, claim, StringComparison.Ordinal);
        Assert.Contains("Describe the image.", claim, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_spelling_of_the_same_spec_is_the_same_job()
    {
        var jobId = await _bench.SubmitAsync();
        var again = await _bench.Submission.SubmitAsync(_bench.Place.Spec with { Source = $"file://{_bench.Place.Source}/" }, Token);
        Assert.Equal((StartKind.Unchanged, jobId), (again.Kind, again.Job.Id));
    }

    [Theory]
    [InlineData(JobState.InProgress)]
    [InlineData(JobState.Finalizing)]
    [InlineData(JobState.Cancelling)]
    [InlineData(JobState.Completed)]
    [InlineData(JobState.CompletedWithErrors)]
    public async Task A_job_that_runs_or_is_complete_is_returned_as_it_is_even_if_its_source_is_gone(JobState state)
    {
        var jobId = await _bench.SubmitAsync();
        _bench.Jobs.MoveTo(jobId, state, null);
        await File.WriteAllTextAsync(Path.Combine(_bench.Place.Output, OutputLayout.Success), "{}", Token);
        Directory.Delete(_bench.Place.Source, recursive: true);

        var again = await _bench.Submission.SubmitAsync(_bench.Place.Spec, Token);

        Assert.Equal((StartKind.Unchanged, state), (again.Kind, again.Job.State));
    }

    [Theory]
    [InlineData(JobState.Completed)]
    [InlineData(JobState.CompletedWithErrors)]
    public async Task A_complete_job_whose_dataset_was_deleted_is_made_anew(JobState state)
    {
        var jobId = await _bench.SubmitAsync();
        _bench.Shards.Write(jobId, new ShardStatus { Shard = 7, Phase = ShardPhase.Committed, Rows = 1, UpdatedAt = DateTimeOffset.UnixEpoch });
        _bench.Jobs.MoveTo(jobId, state, null);
        Directory.Delete(_bench.Place.Output, recursive: true);

        var again = await _bench.Submission.SubmitAsync(_bench.Place.Spec, Token);

        Assert.Equal((StartKind.Continued, JobState.Planning), (again.Kind, again.Job.State));
        Assert.Empty(_bench.Shards.List(jobId));
        Assert.True(File.Exists(Path.Combine(_bench.Place.Output, OutputLayout.Job)));
    }

    [Theory]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    public async Task A_job_that_failed_or_was_cancelled_is_judged_again_and_continued(JobState state)
    {
        var jobId = await _bench.SubmitAsync();
        _bench.Jobs.MoveTo(jobId, state, "why");
        _bench.Place.Remove("tokenizer.json");
        await Assert.ThrowsAsync<JobSpecException>(() => _bench.Submission.SubmitAsync(_bench.Place.Spec, Token));
        Assert.Equal(state, _bench.Job(jobId).State);

        _bench.Place.Write("tokenizer.json", "{}");
        var again = await _bench.Submission.SubmitAsync(_bench.Place.Spec, Token);
        Assert.Equal((StartKind.Continued, JobState.Planning), (again.Kind, again.Job.State));
    }

    [Fact]
    public async Task A_refused_spec_claims_nothing_and_creates_nothing()
    {
        await Assert.ThrowsAsync<JobSpecException>(() => _bench.Submission.SubmitAsync(_bench.Place.Spec with { ShardSize = 0 }, Token));
        Assert.False(Directory.Exists(_bench.Place.Output));
        Assert.Equal(0, _bench.Jobs.List(0, 1).Total);
    }

    [Fact]
    public async Task An_output_of_another_job_is_refused_by_its_name()
    {
        var jobId = await _bench.SubmitAsync();
        var refused = await Assert.ThrowsAsync<JobSpecException>(
            () => _bench.Submission.SubmitAsync(_bench.Place.Spec with { Caption = "Another prompt." }, Token));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal("/output", fault.Pointer);
        Assert.Contains(jobId, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_jobs_that_want_one_output_at_once_one_gets_it()
    {
        var specs = Enumerable.Range(0, 6).Select(index => _bench.Place.Spec with { Caption = $"Prompt {index}." });
        var outcomes = await Task.WhenAll(specs.Select(spec => Task.Run(
            async () =>
            {
                try
                {
                    return (await _bench.Submission.SubmitAsync(spec, Token)).Kind is StartKind.Created;
                }
                catch (JobSpecException refused)
                {
                    Assert.Equal("/output", Assert.Single(refused.Faults).Pointer);
                    return false;
                }
            },
            Token)));

        Assert.Single(outcomes, created => created);
        Assert.Equal(1, _bench.Jobs.List(0, 10).Total);
    }

    [Fact]
    public async Task One_spec_submitted_many_times_at_once_is_one_job()
    {
        var started = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => _bench.Submission.SubmitAsync(_bench.Place.Spec, Token), Token)));

        Assert.Single(started, start => start.Kind is StartKind.Created);
        Assert.Single(started.Select(start => start.Job.Id).Distinct());
    }
}
