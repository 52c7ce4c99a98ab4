using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;

namespace Pipeline.TestServers;

/// <summary>A private S3 server: Ceph's radosgw, started by <c>tests/servers/ceph-s3</c>. It ends with this object or this process.</summary>
public sealed class CephS3Server : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private readonly PortRange ports;
    private readonly Process script;

    private CephS3Server(PortRange ports, Process script, string accessKey, string secretKey)
    {
        (this.ports, this.script, AccessKey, SecretKey) = (ports, script, accessKey, secretKey);
        Endpoint = new Uri($"http://127.0.0.1:{ports.Start}");
    }

    public Uri Endpoint { get; }

    public string AccessKey { get; }

    public string SecretKey { get; }

    /// <exception cref="InvalidOperationException">It did not start; the message holds what it printed.</exception>
    public static async Task<CephS3Server> StartAsync(CancellationToken cancellationToken)
    {
        var ports = PortRange.Reserve();
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "servers", "ceph-s3"), [ports.Start.ToString()])
        {
            // Its input stays open as long as this process lives, and the script ends when it closes.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var script = Process.Start(start)!;
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(StartTimeout);
            var said = await script.StandardOutput.ReadLineAsync(timeout.Token);
            return said?.Split(' ') is ["ready", var accessKey, var secretKey]
                ? new CephS3Server(ports, script, accessKey, secretKey)
                : throw new InvalidOperationException($"The S3 server did not start: {await script.StandardError.ReadToEndAsync(timeout.Token)}");
        }
        catch
        {
            await EndAsync(script);
            ports.Dispose();
            throw;
        }
    }

    /// <summary>Makes a bucket of a fresh name and returns the name.</summary>
    public async Task<string> CreateBucketAsync(CancellationToken cancellationToken)
    {
        var bucket = $"test-{Guid.NewGuid():n}";
        using var client = CreateClient();
        await client.PutBucketAsync(bucket, cancellationToken);
        return bucket;
    }

    /// <summary>A client of the server, for what tests do behind the product's back.</summary>
    public AmazonS3Client CreateClient() => new(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>SIGKILL to the gateway: requests under way are cut. It starts again at once, and has lost nothing that it acknowledged.</summary>
    public async Task KillAsync()
    {
        await script.StandardInput.WriteLineAsync("kill");
        await script.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(script);
        ports.Dispose();
    }

    private static async Task EndAsync(Process script)
    {
        script.StandardInput.Close();
        await script.WaitForExitAsync(CancellationToken.None);
        script.Dispose();
    }
}
