using Hangfire.InMemory;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tenants;
using Pipeline.Jobs.Tests.Specs;

namespace Pipeline.Jobs.Tests.Scheduling;

public sealed class DryRunTests : IDisposable
{
    private readonly Workplace _place = new(images: 5);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly JobStore _jobs;
    private readonly TenantStore _tenants;

    public DryRunTests()
    {
        var storage = new InMemoryStorage();
        (_jobs, _tenants) = (new JobStore(storage, _time), new TenantStore(storage));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task It_counts_and_estimates_and_leaves_no_trace()
    {
        var report = await RunAsync(_place.Spec with { EmbedImages = true });

        Assert.Equal((JobId.Of(_place.Spec with { EmbedImages = true }), 5, true, 0, 3, 15), (report.JobId, report.Images, report.IsCounted, report.UnusableRows, report.Shards, report.SourceBytes));
        Assert.Equal(["000.jpg", "001.jpg", "002.jpg"], report.Samples.Select(sample => sample.Image));
        Assert.All(report.Samples, sample => Assert.Equal(("Describe the image.", null), (sample.Caption, sample.Answers)));
        Assert.NotNull(report.NoAnswers);
        Assert.Null(report.Seconds);
        Assert.True(report.Bytes.Value > 15);
        Assert.False(Directory.Exists(_place.Output));
        Assert.Equal(0, _jobs.List(0, 10).Total);
    }

    [Fact]
    public async Task Prompts_are_shown_with_the_values_of_their_rows()
    {
        var manifest = Path.Combine(_place.Root, "rows.csv");
        await File.WriteAllTextAsync(manifest, "image,name\n000.jpg,Ada\n,Bob\n001.jpg,Cid\n", Token);
        var report = await RunAsync(_place.Spec with { Source = manifest, Input = new InputSpec { Base = _place.Source }, Caption = "What does {name} do?" });
        Assert.Equal(["What does Ada do?", "What does Cid do?"], report.Samples.Select(sample => sample.Caption));
        Assert.Equal((3, 1), (report.Images, report.UnusableRows));
    }

    [Fact]
    public async Task The_model_s_answers_are_shown_where_there_is_one()
    {
        var report = await RunAsync(_place.Spec, (_, images, _) => Task.FromResult<IReadOnlyList<AnnotationRow>?>(
            [.. images.Select((image, index) => Row(image) with
            {
                Caption = index == 0 ? new GeneratedText("A dog.", "stop", 3, -0.1) : null,
                Failure = index == 0 ? null : RowFailure.CorruptImage,
                FailureMessage = index == 0 ? null : "It is cut.",
            })]));

        Assert.Null(report.NoAnswers);
        Assert.Equal("A dog.", report.Samples[0].Answers!.Caption);
        Assert.Equal("corrupt_image: It is cut.", report.Samples[1].Answers!.Failure);
    }

    [Fact]
    public async Task A_busy_model_is_said()
    {
        var report = await RunAsync(_place.Spec, (_, _, _) => Task.FromResult<IReadOnlyList<AnnotationRow>?>(null));
        Assert.Equal("The worker of this process is busy with another model.", report.NoAnswers);
    }

    [Fact]
    public async Task Time_is_estimated_from_a_job_of_the_same_model()
    {
        _jobs.Start("job-1", SpecNormalizer.Normalize(_place.Spec));
        _jobs.MoveTo("job-1", JobState.InProgress, null);
        _jobs.SetProgress("job-1", new JobProgress { ImagesDone = 20, Samples = [new(_time.GetUtcNow(), 0), new(_time.GetUtcNow().AddSeconds(10), 20)] });
        Assert.Equal(2.5, (await RunAsync(_place.Spec)).Seconds!.Value);
    }

    [Fact]
    public async Task Every_fault_of_the_spec_is_found()
    {
        var error = await Assert.ThrowsAsync<JobSpecException>(() => RunAsync(_place.Spec with { MaxTokens = 0, Schedule = new ScheduleSpec { Priority = 0 } }));
        Assert.Equal(["/max_tokens", "/schedule/priority"], error.Faults.Select(fault => fault.Pointer));
    }

    [Fact]
    public async Task A_tenant_sees_no_place_that_it_may_not_read_and_no_job_of_others()
    {
        _jobs.Start("job-others", SpecNormalizer.Normalize(_place.Spec), tenant: "other");
        _jobs.MoveTo("job-others", JobState.InProgress, null);
        _jobs.SetProgress("job-others", new JobProgress { ImagesDone = 20, Samples = [new(_time.GetUtcNow(), 0), new(_time.GetUtcNow().AddSeconds(10), 20)] });
        Assert.NotNull((await RunAsync(_place.Spec, tenant: "other")).Seconds);
        Assert.Null((await RunAsync(_place.Spec, tenant: "acme")).Seconds);

        _tenants.Set("acme", new TenantLimits { Sources = [_place.Model] });
        var refused = await Assert.ThrowsAsync<JobSpecException>(() => RunAsync(_place.Spec, tenant: "acme"));
        Assert.Equal(["/source"], refused.Faults.Select(fault => fault.Pointer));
    }

    private Task<DryRunReport> RunAsync(JobSpec spec, SampleAnswers? answers = null, string? tenant = null) =>
        new DryRun(new JobSpecValidator(_place.Stores, _time), _place.Stores, _jobs, _tenants, _time, answers).RunAsync(new SpecReading(spec, []), tenant, Token);

    private static AnnotationRow Row(PlannedImage image) => new() { Id = image.Key, SourceUri = image.Uri, SourceETag = image.ETag };
}
