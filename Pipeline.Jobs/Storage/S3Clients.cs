using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pipeline.Jobs.Storage;

/// <summary>Makes the one S3 client of a process. <see cref="S3Retry"/> repeats its requests, and nothing else does.</summary>
internal static class S3Clients
{
    /// <summary>For one request, of which an upload sends at most a part (8 MiB by default): 60 s.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    public static AmazonS3Client Create(S3Options options)
    {
        var config = new AmazonS3Config
        {
            Timeout = RequestTimeout,
            HttpClientFactory = new S3HttpClients(),
            ForcePathStyle = options.ForcePathStyle ?? options.Endpoint is not null,
            // The SDK's default, trailing checksums, is refused by other servers than Amazon's (XAmzContentSHA256Mismatch).
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is not null)
        {
            config.ServiceURL = options.Endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region ?? RegionEndpoint.USEast1.SystemName;
        }
        else if (options.Region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        var client = options.AccessKey is null
            ? new S3Client(config)
            : new S3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
        client.BeforeRequestEvent += (_, request) => AddHeaders((WebServiceRequestEventArgs)request, options);
        return client;
    }

    /// <summary>Headers that are the same for all requests of their kind, before these are signed.</summary>
    private static void AddHeaders(WebServiceRequestEventArgs request, S3Options options)
    {
        if (options.RequesterPays)
        {
            request.Headers["x-amz-request-payer"] = "requester";
        }

        // By hand: asked for by the request's own member, the SDK would check the bodies too, and only those that come over one connection.
        if (request.Request is GetObjectRequest { ByteRange: null })
        {
            request.Headers["x-amz-checksum-mode"] = "ENABLED";
        }
    }
}
