using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ReusedAnswersTests
{
    private static readonly JobSpec s_spec = new()
    {
        Source = "",
        Output = "",
        Model = "",
        Caption = "Describe",
        Questions = [new Question { Id = "indoor", Text = "Is this indoors?", Kind = QuestionKind.YesNo }],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_to_the_same_images_are_copied_whatever_these_are_called_and_others_are_made()
    {
        using var earlier = await FinishedAsync(s_spec, ("a.jpg", "red"), ("b.jpg", "blue"), ("bad.jpg", "decode: Corrupt"));
        using var job = await TestJob.CreateAsync(s_spec with { Reuse = [earlier.Spec.Output], EmbedImages = true }, ("1.jpg", "blue"), ("2.jpg", "green"), ("3.jpg", "red"), ("4.jpg", "decode: Corrupt"));
        var model = new FakeAnnotator();

        await job.RunAsync(model);

        Assert.Equal(["green"], model.Answered);
        var commit = (await job.CommitAsync())!;
        var rows = await ShardFileReader.ReadWithImagesAsync(job.Output, commit.File, Token).ToListAsync(Token);
        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4.jpg"], rows.Select(row => row.Annotation.Id));
        Assert.Equal([earlier.Id, job.Id, earlier.Id, job.Id], rows.Select(row => row.Provenance.JobId));
        Assert.Equal(["Describe blue", "Describe green", "Describe red", null], rows.Select(row => row.Annotation.Caption?.Text));
        Assert.All(rows.Take(3), row => Assert.Equal(("no", 0.75), (Assert.Single(row.Annotation.Labels).Answer, row.Annotation.Labels[0].Confidence)));
        Assert.All(rows.Take(3), row => Assert.Single(row.Annotation.Zooms));
        Assert.Equal(RowFailure.CorruptImage, rows[3].Annotation.Failure);
        Assert.Equal(2, commit.Statistics!.Reused);

        // What the row says of the image is of this job's image.
        Assert.EndsWith("/1.jpg", rows[0].Annotation.SourceUri, StringComparison.Ordinal);
        Assert.Equal("blue"u8.ToArray(), rows[0].Annotation.Image!.Value.ToArray());
        var copied = Assert.Single(await earlier.RowsAsync(), row => row.Id == "b.jpg");
        Assert.Equal(copied.Caption, rows[0].Annotation.Caption! with { Rejected = copied.Caption!.Rejected, LogProbabilities = copied.Caption.LogProbabilities });
    }

    public static TheoryData<string, JobSpec> Others => new()
    {
        { "prompt", s_spec with { Caption = "Describe it" } },
        { "question", s_spec with { Questions = [s_spec.Questions[0] with { Text = "Is this outdoors?" }] } },
        { "no questions", s_spec with { Questions = [] } },
        { "max_tokens", s_spec with { MaxTokens = 12 } },
        { "sampling", s_spec with { Sampling = new SamplingSpec { Temperature = 0.5 } } },
        { "log-probabilities, which the earlier answers lack", s_spec with { Sampling = new SamplingSpec { LogProbs = true } } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Whatever_else_is_asked_is_asked_of_the_model(string difference, JobSpec other)
    {
        using var earlier = await FinishedAsync(s_spec, ("a.jpg", "red"));
        using var job = await TestJob.CreateAsync(other with { Reuse = [earlier.Spec.Output] }, ("a.jpg", "red"));
        var model = new FakeAnnotator();

        await job.RunAsync(model);

        Assert.True(model.Answered.SequenceEqual(["red"]), difference);
        Assert.Equal(0, (await job.CommitAsync())!.Statistics!.Reused);
    }

    [Fact]
    public async Task Answers_of_other_weights_are_not_taken()
    {
        using var earlier = await FinishedAsync(s_spec, ("a.jpg", "red"));
        using var job = await TestJob.CreateAsync(s_spec with { Reuse = [earlier.Spec.Output] }, """{ "other": true }""", ("a.jpg", "red"));
        var model = new FakeAnnotator();

        await job.RunAsync(model);

        Assert.Equal(["red"], model.Answered);
    }

    [Fact]
    public async Task Filters_hold_for_images_with_earlier_answers_too()
    {
        using var earlier = await FinishedAsync(s_spec, ("a.jpg", "red"));
        using var job = await TestJob.CreateAsync(s_spec with { Reuse = [earlier.Spec.Output], Filters = new FilterSpec { MinWidth = 41 } }, ("a.jpg", "red"));

        await job.RunAsync(new FakeAnnotator());

        Assert.Equal(RowFailure.ImageTooSmall, Assert.Single(await job.RowsAsync()).Failure);
    }

    [Fact]
    public async Task A_row_that_has_questions_of_its_own_takes_the_answers_to_these()
    {
        using var earlier = await FinishedAsync(s_spec with { Caption = "Describe {what}", Questions = [] }, "in.jsonl", ("in.jsonl", "{\"image\": \"x.jpg\", \"what\": \"cars\"}\n{\"image\": \"y.jpg\", \"what\": \"cats\"}"), ("x.jpg", "red"), ("y.jpg", "blue"));
        using var job = await TestJob.CreateFromAsync(
            s_spec with { Caption = "Describe {what}", Questions = [], Reuse = [earlier.Spec.Output] }, "in.jsonl",
            ("in.jsonl", "{\"image\": \"x.jpg\", \"what\": \"cats\"}\n{\"image\": \"y.jpg\", \"what\": \"cats\"}"), ("x.jpg", "red"), ("y.jpg", "blue"));
        var model = new FakeAnnotator();

        await job.RunAsync(model);

        Assert.Equal(["red"], model.Answered);
        Assert.Equal(["Describe cats red", "Describe cats blue"], (await job.RowsAsync()).Select(row => row.Caption!.Text));
        Assert.Equal(1, (await job.CommitAsync())!.Statistics!.Reused);
    }

    private static Task<TestJob> FinishedAsync(JobSpec spec, params (string Name, string Text)[] images) => FinishedAsync(spec, null, images);

    private static async Task<TestJob> FinishedAsync(JobSpec spec, string? manifest, params (string Name, string Text)[] images)
    {
        var job = await TestJob.CreateFromAsync(spec, manifest, images);
        await job.RunAsync(new FakeAnnotator());
        await new DatasetFinalizer(job.Output, TimeProvider.System).FinalizeAsync(Token);
        return job;
    }
}
