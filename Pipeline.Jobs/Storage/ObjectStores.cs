using Amazon.Runtime;
using Amazon.S3;

namespace Pipeline.Jobs.Storage;

/// <summary>Opens folders of objects wherever they lie. One a process: all S3 stores share its client.</summary>
public sealed class ObjectStores(S3Options s3, TimeProvider time) : IDisposable
{
    private readonly Lazy<AmazonS3Client> client = new(() => S3Clients.Create(s3));

    /// <summary>Opens a folder; touches neither disk nor network.</summary>
    /// <param name="location">As <see cref="ObjectLocation"/> takes it.</param>
    /// <exception cref="ObjectLocationException">It is no location.</exception>
    /// <exception cref="ObjectStoreException">S3 is asked for and not configured.</exception>
    public IObjectStore Open(string location)
    {
        var parsed = ObjectLocation.Parse(location);
        return parsed.LocalPath is { } path ? new LocalObjectStore(path) : new S3ObjectStore(Client(location), new S3Retry(time), parsed.Bucket!, parsed.Prefix);
    }

    public void Dispose()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }
    }

    private AmazonS3Client Client(string location)
    {
        try
        {
            return client.Value;
        }
        catch (AmazonClientException exception)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                location,
                $"'{location}' cannot be opened: {exception.Message.TrimEnd('.')}. Set S3:Region, or S3:Endpoint for a server that is not Amazon's.",
                exception);
        }
    }
}
