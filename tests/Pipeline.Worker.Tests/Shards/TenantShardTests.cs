using Pipeline.Jobs.Rows;

namespace Pipeline.Worker.Tests.Shards;

/// <summary>Who may write his job's plan, which lies in his own output, reads no more with it than the job may.</summary>
public sealed class TenantShardTests
{
    [Fact]
    public async Task An_image_of_others_in_the_plan_is_a_failed_row()
    {
        var secret = Path.Combine(Directory.CreateTempSubdirectory("pipeline-tenant-").FullName, "secret.jpg");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        using var job = await TestJob.CreateFromAsync(null, "list.csv", ("list.csv", $"image,id\na.jpg,own\n{secret},others\n"), ("a.jpg", "a"));

        // Planned while it might read everything, it stands for a plan that somebody changed.
        Assert.All(job.Plan.Shards, shard => Assert.Equal(2, shard.Rows));
        job.LimitTo(job.SourcePath, job.Spec.Output);
        await job.RunAsync(new FakeAnnotator());

        var rows = (await job.RowsAsync()).ToDictionary(row => row.Id);
        Assert.Null(rows["own"].Failure);
        Assert.Equal(RowFailure.SourceForbidden, rows["others"].Failure);
        Assert.Contains("tenant", rows["others"].FailureMessage, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(secret)!, recursive: true);
    }
}
