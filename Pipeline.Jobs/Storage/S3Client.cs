using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// The SDK's client without its retries. Also with none allowed the SDK sends a request again whose connection was reset before the answer:
/// of a conditional write that did succeed it would report the refusal of the second, and the winner take itself for the loser.
/// </summary>
internal sealed class S3Client : AmazonS3Client
{
    public S3Client(AmazonS3Config config)
        : base(config)
    {
    }

    public S3Client(AWSCredentials credentials, AmazonS3Config config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.RemoveHandler<RetryHandler>();
    }
}
