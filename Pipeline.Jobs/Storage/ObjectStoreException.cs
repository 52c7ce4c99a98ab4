namespace Pipeline.Jobs.Storage;

/// <summary>Why a store refused.</summary>
public enum ObjectStoreFault
{
    /// <summary>No such object, bucket or folder.</summary>
    NotFound,

    /// <summary>The credentials or file permissions do not allow it.</summary>
    AccessDenied,

    /// <summary>Time-out, a cut connection or a server error: worth another try.</summary>
    Unavailable,

    /// <summary>The store asks for fewer requests, and went on asking: worth another try later.</summary>
    Throttled,

    /// <summary>Nearly all requests failed of late, so this one was not sent: worth another try later.</summary>
    Outage,

    /// <summary>The content came in drops, over several connections: worth another try.</summary>
    TooSlow,

    /// <summary>The content is not what the store says it holds: its length or checksum differs. Another try may give it whole.</summary>
    Corrupt,

    /// <summary>No space left, or a quota reached.</summary>
    Full,

    /// <summary>Anything else; another try gives the same.</summary>
    Rejected,
}

/// <summary>An object store refused an operation. <see cref="Uri"/> names the object.</summary>
public sealed class ObjectStoreException(ObjectStoreFault fault, string uri, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public ObjectStoreFault Fault { get; } = fault;

    public string Uri { get; } = uri;

    /// <summary>True where another try may succeed.</summary>
    public bool IsTransient => Fault is
        ObjectStoreFault.Unavailable or ObjectStoreFault.Throttled or ObjectStoreFault.Outage or ObjectStoreFault.TooSlow or ObjectStoreFault.Corrupt;

    /// <summary>True where the whole store is in trouble, and not this object alone.</summary>
    public bool IsOfTheStore => Fault is ObjectStoreFault.Throttled or ObjectStoreFault.Outage;
}
