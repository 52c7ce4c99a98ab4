using System.Security.Cryptography;
using Hangfire.Server;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Model.Engine;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ShardRunnerTests
{
    [Fact]
    public async Task Every_kind_of_trouble_gives_one_row_in_the_order_of_the_plan()
    {
        using var job = await TestJob.CreateAsync(
            ("01.jpg", "fine"), ("02.jpg", ""), ("03.jpg", "decode: NotAnImage"), ("04.jpg", "decode: Truncated"), ("05.jpg", "decode: Corrupt"),
            ("06.jpg", "decode: TooLarge"), ("07.jpg", "decode: a native error"), ("08.jpg", "infer: boom"), ("09.jpg", "infer once: hiccup"),
            ("10.jpg", "gone"), ("11.jpg", new string('x', 2_000)), ("12.jpg", "fine too"));
        File.Delete(Path.Combine(job.SourcePath, "10.jpg"));

        await job.RunAsync(new FakeAnnotator(), options: new WorkerOptions { MaxImageBytes = 1_024 });

        var rows = await job.RowsAsync();
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{i:00}.jpg"), rows.Select(row => row.Id));
        Assert.Equal(
            [
                null, RowFailure.EmptyFile, RowFailure.NotAnImage, RowFailure.TruncatedImage, RowFailure.CorruptImage, RowFailure.ImageTooLarge,
                RowFailure.CorruptImage, RowFailure.InferenceFailed, null, RowFailure.SourceMissing, RowFailure.ImageTooLarge, null,
            ],
            rows.Select(row => row.Failure));
        Assert.All(rows, row => Assert.Equal(row.Failure is null, row.FailureMessage is null));
        Assert.Equal("a native error", rows[6].FailureMessage);
        Assert.Contains("infer: boom", rows[7].FailureMessage);
        Assert.Contains("MaxImageBytes", rows[10].FailureMessage);
    }

    [Fact]
    public async Task A_row_says_what_was_read_even_where_it_failed_later()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "decode: Truncated"), ("c.jpg", "infer: boom"));

        await job.RunAsync(new FakeAnnotator());

        var rows = await job.RowsAsync();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("fine"u8)), rows[0].Sha256);
        Assert.Equal([4L, 17L, 11L], rows.Select(row => row.Bytes));
        Assert.All(rows, row => Assert.NotNull(row.Sha256));
        Assert.Equal([40, null, 40], rows.Select(row => row.Width));
        Assert.Equal(["jpeg", null, "jpeg"], rows.Select(row => row.Format));
        Assert.Equal(new Uri(Path.Combine(job.SourcePath, "a.jpg")).AbsoluteUri, rows[0].SourceUri);
    }

    [Fact]
    public async Task A_row_tells_what_the_image_looks_like_and_where_the_model_looked()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "decode: Truncated"), ("c.jpg", "infer: boom"));

        await job.RunAsync(new FakeAnnotator());

        var rows = await job.RowsAsync();
        Assert.Equal([16, null, 16], rows.Select(row => row.PerceptualHash?.Length));
        Assert.Equal([new ZoomRegion(0, 0, 20, 15)], rows[0].Zooms);
        Assert.All(rows.Skip(1), row => Assert.Empty(row.Zooms));
    }

    [Fact]
    public async Task Images_are_embedded_where_the_job_asks_for_them_and_they_can_be_decoded()
    {
        var spec = new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe", EmbedImages = true };
        using var job = await TestJob.CreateAsync(spec, ("a.jpg", "fine"), ("b.jpg", "decode: Truncated"), ("c.jpg", "infer: boom"));

        await job.RunAsync(new FakeAnnotator());

        var commit = await job.CommitAsync();
        var rows = await ShardFileReader.ReadWithImagesAsync(job.Output, commit!.File, TestContext.Current.CancellationToken)
            .Select(row => row.Annotation.Image?.ToArray())
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["fine"u8.ToArray(), null, "infer: boom"u8.ToArray()], rows);
    }

    [Fact]
    public async Task Captions_and_labels_answer_what_was_asked()
    {
        var spec = new JobSpec
        {
            Source = "",
            Output = "",
            Model = "",
            Caption = "Describe",
            Questions =
            [
                new Question { Id = "open", Text = "What?" },
                new Question { Id = "red", Text = "Red?", Kind = QuestionKind.YesNo },
                new Question { Id = "colour", Text = "Which?", Kind = QuestionKind.Choice, Choices = ["red", "green", "blue"] },
            ],
        };
        using var job = await TestJob.CreateAsync(spec, ("a.jpg", "fine"));

        await job.RunAsync(new FakeAnnotator());

        var row = Assert.Single(await job.RowsAsync());
        Assert.Equivalent(new GeneratedText("Describe fine", "stop", 3, -0.5) { PromptTokens = 10 }, row.Caption, strict: true);
        Assert.Equal(["open", "red", "colour"], row.Labels.Select(label => label.QuestionId));
        Assert.Equal(["What? fine", "no", "green"], row.Labels.Select(label => label.Answer));
        Assert.Equal([null, 0.75, 0.75], row.Labels.Select(label => label.Confidence));
        Assert.Equal(["red", "green", "blue"], row.Labels[2].Choices.Select(choice => choice.Choice));
        Assert.Equal(1, row.Labels[2].Choices.Sum(choice => choice.Probability), 9);
    }

    [Fact]
    public async Task A_committed_shard_is_reported_and_not_done_again()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"));
        await job.RunAsync(new FakeAnnotator());
        var first = await job.CommitAsync();
        job.Shards.Write(job.Id, new ShardStatus { Shard = 0, Phase = ShardPhase.Pending, Rows = 1, UpdatedAt = DateTimeOffset.UnixEpoch });
        var untouched = new FakeAnnotator();

        await job.RunAsync(untouched);

        Assert.Empty(untouched.Decoded);
        Assert.Equal(first! with { Statistics = null }, (await job.CommitAsync())! with { Statistics = null });
        Assert.Equal(ShardPhase.Committed, job.Shards.Find(job.Id, 0)!.Phase);
        Assert.Equal(1, job.Shards.Find(job.Id, 0)!.Done);
    }

    [Fact]
    public async Task Of_two_runs_of_one_shard_at_once_the_later_commits_and_nothing_is_left_over()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "fine too"));
        var bothAreIn = new TaskCompletionSource();
        var waiting = 0;
        FakeAnnotator Annotator() => new()
        {
            BeforeAnswer = async (text, cancellationToken) =>
            {
                if (text == "fine" && Interlocked.Increment(ref waiting) == 2)
                {
                    bothAreIn.SetResult();
                }

                await bothAreIn.Task.WaitAsync(cancellationToken);
            },
        };

        var runs = await Task.WhenAll(Record.ExceptionAsync(() => job.RunAsync(Annotator())).AsTask(), Record.ExceptionAsync(() => job.RunAsync(Annotator())).AsTask());

        Assert.Contains(null, runs);
        Assert.All(runs, error => Assert.True(error is null or JobAbortedException, error?.ToString()));
        Assert.Equal(["a.jpg", "b.jpg"], (await job.RowsAsync()).Select(row => row.Id));
        Assert.Empty(await job.StagedAsync());
        Assert.Equal(ShardPhase.Committed, job.Shards.Find(job.Id, 0)!.Phase);
    }

    [Fact]
    public async Task A_cancelled_shard_is_handed_back_and_commits_nothing()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "fine too"));
        using var stop = new CancellationTokenSource();
        var annotator = new FakeAnnotator
        {
            BeforeAnswer = async (text, cancellationToken) =>
            {
                if (text == "fine too")
                {
                    await stop.CancelAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.RunAsync(annotator, cancellationToken: stop.Token));

        Assert.Null(await job.CommitAsync());
        Assert.Empty(await job.StagedAsync());
        var status = job.Shards.Find(job.Id, 0)!;
        Assert.Equal(ShardPhase.Pending, status.Phase);
        Assert.Equal(1, status.Attempt);
    }

    [Fact]
    public async Task Each_try_counts_as_an_attempt_and_the_rows_say_which_made_them()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"));
        var broken = new FakeAnnotator { BeforeAnswer = (_, _) => throw new InvalidOperationException("no device") };
        await Assert.ThrowsAsync<ModelBrokenException>(() => job.RunAsync(broken));

        await job.RunAsync(new FakeAnnotator());

        Assert.Equal(2, (await job.CommitAsync())!.Attempt);
    }

    [Fact]
    public async Task A_model_that_fails_on_a_blank_image_too_fails_the_shard_and_no_row()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"), ("b.jpg", "fine too"));
        var broken = new FakeAnnotator { BeforeAnswer = (_, _) => throw new InvalidOperationException("no device") };

        var error = await Assert.ThrowsAsync<ModelBrokenException>(() => job.RunAsync(broken));

        Assert.Contains("no device", error.Message);
        Assert.Null(await job.CommitAsync());
        var status = job.Shards.Find(job.Id, 0)!;
        Assert.Equal(ShardPhase.Failed, status.Phase);
        Assert.Contains("no device", status.Error);
    }

    [Fact]
    public async Task Prompts_that_do_not_fit_the_model_fail_the_job_for_good()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"));
        var annotator = new FakeAnnotator { BeforeAnswer = (_, _) => throw new PromptTooLongException(4_000, 2_048) };

        var error = await Assert.ThrowsAsync<PermanentJobException>(() => job.RunAsync(annotator));

        Assert.Contains("max_tokens", error.Message);
        Assert.Null(await job.CommitAsync());
    }

    [Fact]
    public async Task Prompts_that_ask_for_what_can_not_be_fail_the_job_for_good()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"));
        var annotator = new FakeAnnotator { BeforeAnswer = (_, _) => throw new ArgumentException("top_p is 7: take at most 1") };

        var error = await Assert.ThrowsAsync<PermanentJobException>(() => job.RunAsync(annotator));

        Assert.Contains("top_p is 7", error.Message);
    }

    [Fact]
    public async Task An_image_that_the_engine_has_tried_alone_is_written_off_without_another_try()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "bad"), ("b.jpg", "fine"));
        var tries = 0;
        var annotator = new FakeAnnotator
        {
            BeforeAnswer = (text, _) => text == "bad" && tries++ >= 0
                ? throw new InferenceException(InferenceStage.Decode, new InvalidOperationException("unlucky"))
                : Task.CompletedTask,
        };

        await job.RunAsync(annotator);

        var rows = await job.RowsAsync();
        Assert.Equal([RowFailure.InferenceFailed, null], rows.Select(row => row.Failure));
        Assert.Contains("decode step: unlucky", rows[0].FailureMessage);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_slow_model_holds_the_whole_shard_back_and_memory_with_it()
    {
        using var job = await TestJob.CreateAsync([.. Enumerable.Range(0, 60).Select(i => ($"{i:00}.jpg", $"image {i}"))]);
        var go = new TaskCompletionSource();
        var atModel = 0;
        var annotator = new FakeAnnotator
        {
            BeforeAnswer = async (_, cancellationToken) =>
            {
                Interlocked.Increment(ref atModel);
                await go.Task.WaitAsync(cancellationToken);
            },
        };
        var options = new WorkerOptions { ReadAhead = 3, DecodeAhead = 2, AnswerAhead = 2 };

        var run = job.RunAsync(annotator, options: options);

        // At the model: those ahead and the one awaited. Decoded: these, one handed over that waits for room, and the stage's own.
        await Eventually.TrueAsync(() => Volatile.Read(ref atModel) == 3 && annotator.Decoded.Count == 6);
        for (var i = 0; i < 1_000; i++)
        {
            await Task.Yield();
        }

        Assert.Equal(3, Volatile.Read(ref atModel));
        Assert.Equal(6, annotator.Decoded.Count);
        go.SetResult();
        await run;
        Assert.Equal(60, (await job.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_shard_of_a_job_that_nobody_knows_fails_for_good()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "fine"));

        var error = await Assert.ThrowsAsync<PermanentJobException>(() => job.RunAsync(new FakeAnnotator(), shard: 7));

        Assert.Contains("no shard 7", error.Message);
    }

    [Fact]
    public async Task Shards_of_one_job_hold_their_own_images()
    {
        var spec = new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe", ShardSize = 2 };
        using var job = await TestJob.CreateAsync(spec, ("a.jpg", "fine"), ("b.jpg", "fine"), ("c.jpg", "fine"));

        await job.RunAsync(new FakeAnnotator(), shard: 1);
        await job.RunAsync(new FakeAnnotator(), shard: 0);

        Assert.Equal(["a.jpg", "b.jpg"], (await job.RowsAsync(0)).Select(row => row.Id));
        Assert.Equal(["c.jpg"], (await job.RowsAsync(1)).Select(row => row.Id));
    }
}
