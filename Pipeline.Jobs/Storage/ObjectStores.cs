using Amazon.Runtime;
using Amazon.S3;

namespace Pipeline.Jobs.Storage;

/// <summary>Opens folders of objects wherever they lie. One a process: all S3 stores share its client, and what is known of the server.</summary>
public sealed class ObjectStores : IDisposable
{
    private readonly Lazy<AmazonS3Client> client;
    private readonly S3Retry retry;
    private readonly S3Bodies bodies;
    private readonly S3Creation creation;
    private readonly bool isShared;

    /// <param name="s3">How to reach S3.</param>
    /// <param name="time">Of retries.</param>
    /// <param name="ledger">Decides who creates an object where the S3 server cannot; null without PostgreSQL.</param>
    /// <param name="places">Local folders that may be opened; all if null.</param>
    public ObjectStores(S3Options s3, TimeProvider time, CreateLedger? ledger = null, AllowedPlaces? places = null)
    {
        client = new(() => S3Clients.Create(s3));
        retry = new(time);
        bodies = new(s3);
        creation = new(ledger);
        Places = places ?? AllowedPlaces.All;
    }

    private ObjectStores(ObjectStores whole, AllowedPlaces places) =>
        (client, retry, bodies, creation, Places, isShared) = (whole.client, whole.retry, whole.bodies, whole.creation, places, true);

    public AllowedPlaces Places { get; }

    /// <summary>The same stores for a job that may use some places only. It needs no disposing.</summary>
    /// <param name="places">As <see cref="ObjectLocation"/> takes them; null: no limit.</param>
    public ObjectStores LimitedTo(IReadOnlyList<string>? places) => places is null ? this : new ObjectStores(this, Places.Within(places));

    /// <summary>Opens a folder; touches neither disk nor network.</summary>
    /// <param name="location">As <see cref="ObjectLocation"/> takes it.</param>
    /// <exception cref="ObjectLocationException">It is no location.</exception>
    /// <exception cref="ObjectStoreException">S3 is asked for and not configured, or jobs may not use that folder.</exception>
    public IObjectStore Open(string location)
    {
        var folder = ObjectLocation.Parse(location);
        return OpenAround(folder, folder);
    }

    /// <summary>Opens the folder around something that is all that is wanted of it, and is asked for in its stead.</summary>
    /// <inheritdoc cref="Open"/>
    internal IObjectStore OpenAround(ObjectLocation wanted, ObjectLocation folder)
    {
        if (Places.FaultOf(wanted) is { } fault)
        {
            throw new ObjectStoreException(ObjectStoreFault.AccessDenied, wanted.ToString(), fault);
        }

        return folder.LocalPath is { } path ? new LocalObjectStore(path, Places) : new S3ObjectStore(Client(folder.ToString()), retry, bodies, creation, folder.Bucket!, folder.Prefix);
    }

    public void Dispose()
    {
        if (client.IsValueCreated && !isShared)
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
