using Amazon.Runtime;
using Amazon.S3;

namespace Pipeline.Jobs.Storage;

/// <summary>Opens folders of objects wherever they lie. One a process: all S3 stores share its client, and what is known of the server.</summary>
/// <param name="s3">How to reach S3.</param>
/// <param name="time">Of retries.</param>
/// <param name="ledger">Decides who creates an object where the S3 server cannot; null without PostgreSQL.</param>
/// <param name="places">Local folders that may be opened; all if null.</param>
public sealed class ObjectStores(S3Options s3, TimeProvider time, CreateLedger? ledger = null, AllowedPlaces? places = null) : IDisposable
{
    private readonly Lazy<AmazonS3Client> client = new(() => S3Clients.Create(s3));
    private readonly S3Retry retry = new(time);
    private readonly S3Bodies bodies = new(s3);
    private readonly S3Creation creation = new(ledger);

    public AllowedPlaces Places { get; } = places ?? AllowedPlaces.All;

    /// <summary>Opens a folder; touches neither disk nor network.</summary>
    /// <param name="location">As <see cref="ObjectLocation"/> takes it.</param>
    /// <exception cref="ObjectLocationException">It is no location.</exception>
    /// <exception cref="ObjectStoreException">S3 is asked for and not configured, or jobs may not use that folder.</exception>
    public IObjectStore Open(string location)
    {
        var parsed = ObjectLocation.Parse(location);
        if (Places.FaultOf(parsed) is { } fault)
        {
            throw new ObjectStoreException(ObjectStoreFault.AccessDenied, location, fault);
        }

        return parsed.LocalPath is { } path ? new LocalObjectStore(path, Places) : new S3ObjectStore(Client(location), retry, bodies, creation, parsed.Bucket!, parsed.Prefix);
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
