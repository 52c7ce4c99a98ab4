using Amazon.S3.Model;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>Images and dataset in S3, on a real server.</summary>
public sealed class S3Tests(SharedCephS3 shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_in_a_bucket_become_a_dataset_in_a_bucket()
    {
        var server = await shared.StartedAsync();
        var bucket = await server.CreateBucketAsync(Token);
        using var s3 = server.CreateClient();
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 5);
        foreach (var name in names)
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"photos/{name}", FilePath = folder["in", name] }, Token);
        }

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "photos/text.jpg", ContentBody = "no picture" }, Token);
        var settings = new Dictionary<string, string>
        {
            ["PIPELINE_S3__ENDPOINT"] = server.Endpoint.AbsoluteUri,
            ["PIPELINE_S3__ACCESSKEY"] = server.AccessKey,
            ["PIPELINE_S3__SECRETKEY"] = server.SecretKey,
        };

        await using var annotate = await PipelineProcess.RunWithAsync(
            folder.Path, settings,
            "annotate", $"s3://{bucket}/photos", "--output", $"s3://{bucket}/dataset", "--shard-size", "2", "--question", "Is it red? [yes-no]");

        annotate.AssertExit(0);
        Assert.DoesNotContain(server.SecretKey, annotate.Output + annotate.Error);
        var listing = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "dataset/" }, Token);
        var keys = listing.S3Objects.Select(found => found.Key["dataset/".Length..]).ToList();
        Assert.Contains("_SUCCESS", keys);
        Assert.Equal(
            ["data/train-00000-of-00003.parquet", "data/train-00001-of-00003.parquet", "data/train-00002-of-00003.parquet"],
            keys.Where(key => key.StartsWith("data/", StringComparison.Ordinal)));
        Assert.DoesNotContain(keys, key => key.StartsWith("_pipeline/staged/", StringComparison.Ordinal));

        foreach (var key in keys.Where(key => key.StartsWith("data/", StringComparison.Ordinal)))
        {
            using var file = await s3.GetObjectAsync(bucket, $"dataset/{key}", Token);
            await file.WriteResponseStreamToFileAsync(folder["copy", key], append: false, Token);
        }

        var rows = Dataset.Query(folder["copy"], "SELECT id, source_uri, error_code FROM {0} ORDER BY id");
        Assert.Equal([.. names, "text.jpg"], rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.Equal($"s3://{bucket}/photos/{row[0]}", row[1]));
        Assert.Equal([null, null, null, null, null, "not_an_image"], rows.Select(row => row[2]));
    }
}
