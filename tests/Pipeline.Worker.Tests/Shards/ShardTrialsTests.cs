using Hangfire.Server;
using Pipeline.Jobs.Rows;

namespace Pipeline.Worker.Tests.Shards;

/// <summary>A worker's death is an attempt that is left where it stands, and says nothing more.</summary>
public sealed class ShardTrialsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task An_image_that_kills_its_worker_is_found_and_written_off_and_every_other_is_annotated(int poison)
    {
        using var job = await TestJob.CreateAsync([.. Enumerable.Range(0, 5).Select(i => ($"{i}.jpg", i == poison ? "poison" : $"image {i}"))]);
        List<Task> dead = [];
        while (await job.CommitAsync() is null)
        {
            Assert.InRange(dead.Count, 0, 4);
            var died = new TaskCompletionSource();
            var annotator = new FakeAnnotator
            {
                BeforeAnswer = async (text, cancellationToken) =>
                {
                    if (text == "poison")
                    {
                        died.TrySetResult();
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                },
            };
            var run = job.RunAsync(annotator);
            if (await Task.WhenAny(run, died.Task) == run)
            {
                await run;
            }
            else
            {
                dead.Add(run);
            }
        }

        foreach (var run in dead)
        {
            await Assert.ThrowsAsync<JobAbortedException>(() => run);
        }

        var rows = await job.RowsAsync();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"{i}.jpg"), rows.Select(row => row.Id));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => i == poison ? RowFailure.WorkerCrashed : (RowFailure?)null), rows.Select(row => row.Failure));
        Assert.InRange(dead.Count, 2, 4);
        Assert.Empty(await job.StagedAsync());
    }

    [Fact]
    public async Task Rows_of_a_trial_count_as_they_are_made()
    {
        using var job = await TestJob.CreateAsync([.. Enumerable.Range(0, 5).Select(i => ($"{i}.jpg", $"image {i}"))]);
        var died = new TaskCompletionSource();
        var dead = job.RunAsync(new FakeAnnotator
        {
            BeforeAnswer = async (_, cancellationToken) =>
            {
                died.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        });
        await died.Task;
        var seen = -1;
        await job.RunAsync(new FakeAnnotator
        {
            BeforeAnswer = (text, _) =>
            {
                if (text == "image 3")
                {
                    // The first of the second trial: three were made in the first.
                    seen = job.Shards.Find(job.Id, 0)!.Done;
                }

                return Task.CompletedTask;
            },
        });

        await Assert.ThrowsAsync<JobAbortedException>(() => dead);
        Assert.Equal(3, seen);
        Assert.Equal(5, job.Shards.Find(job.Id, 0)!.Done);
    }
}
