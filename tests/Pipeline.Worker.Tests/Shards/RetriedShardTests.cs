using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Worker.Tests.Shards;

public sealed class RetriedShardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_failed_rows_are_made_again_and_the_others_stay_as_they_are(bool embedImages)
    {
        var spec = new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe", EmbedImages = embedImages };
        using var job = await TestJob.CreateAsync(spec, ("a.jpg", "red"), ("b.jpg", "decode: Corrupt"), ("c.jpg", "blue"));
        await job.RunAsync(new FakeAnnotator());
        var before = await ReadAsync(job, (await job.CommitAsync())!.File);
        Assert.Equal([null, RowFailure.CorruptImage, null], before.Select(row => row.Annotation.Failure));
        job.BeginRetry("b.jpg", "green");

        var annotator = new FakeAnnotator();
        await job.RunAsync(annotator);

        Assert.Equal(["green"], annotator.Answered.Where(text => text.Length > 0).Distinct());
        var commit = (await new CommitLog(job.Output, version: 2).FindAsync(0, Token))!;
        Assert.Equal((3, 0), (commit.Rows, commit.FailedRows));
        Assert.Equal(1, (await job.CommitAsync())!.FailedRows);
        var after = await ReadAsync(job, commit.StagedFile);
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], after.Select(row => row.Annotation.Id));
        Assert.Equal([before[0].Provenance, before[2].Provenance], [after[0].Provenance, after[2].Provenance]);
        Assert.Equal(before[0].Annotation.Caption!.Text, after[0].Annotation.Caption!.Text);
        Assert.Equal(before[2].Annotation.Image?.ToArray(), after[2].Annotation.Image?.ToArray());
        Assert.Equal(embedImages, after[1].Annotation.Image is not null);
        Assert.Null(after[1].Annotation.Failure);
        Assert.True(after[1].Provenance.CreatedAt > before[1].Provenance.CreatedAt);
    }

    [Fact]
    public async Task A_shard_that_was_made_again_is_not_made_a_third_time()
    {
        using var job = await TestJob.CreateAsync(("a.jpg", "red"), ("b.jpg", "decode: Corrupt"));
        await job.RunAsync(new FakeAnnotator());
        job.BeginRetry("b.jpg", "green");
        await job.RunAsync(new FakeAnnotator());

        var annotator = new FakeAnnotator();
        await job.RunAsync(annotator);

        Assert.Empty(annotator.Answered);
        Assert.Equal(ShardPhase.Committed, job.Shards.Find(job.Id, 0)!.Phase);
    }

    private static async Task<List<DatasetRow>> ReadAsync(TestJob job, string file) => job.Spec.EmbedImages
        ? await ShardFileReader.ReadWithImagesAsync(job.Output, file, Token).ToListAsync(Token)
        : await ShardFileReader.ReadAsync(job.Output, file, Token).ToListAsync(Token);
}
