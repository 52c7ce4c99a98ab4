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
        using var s3 = S3.CreateClient();
        using var folder = new TemporaryFolder();
        foreach (var name in SmallImages.Draw(folder["in"], CrashRun.Images))
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = $"images/{name}", FilePath = folder["in", name] }, token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await S3.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
