using Amazon.S3.Model;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>Servers that may be killed, and some images in a bucket.</summary>
public sealed class CrashServers : IAsyncLifetime
{
    internal PostgresServer Postgres { get; private set; } = null!;

    internal CephS3Server S3 { get; private set; } = null!;

    internal string Bucket { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var token = CancellationToken.None;
        Postgres = await PostgresServer.StartAsync(survivesKills: true, token);
        S3 = await CephS3Server.StartAsync(token);
        Bucket = await S3.CreateBucketAsync(token);
        await DrawAsync("images", CrashRun.Images, token);
    }

    /// <summary>Puts images under a prefix of the bucket.</summary>
    internal async Task DrawAsync(string prefix, int count, CancellationToken cancellationToken)
    {
        using var s3 = S3.CreateClient();
        using var folder = new TemporaryFolder();
        foreach (var name in SmallImages.Draw(folder["in"], count))
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = $"{prefix}/{name}", FilePath = folder["in", name] }, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await S3.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
