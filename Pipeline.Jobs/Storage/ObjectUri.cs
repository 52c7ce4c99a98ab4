using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Jobs.Storage;

/// <summary>URI of one object, as <see cref="IObjectStore.UriOf"/> writes it.</summary>
internal static class ObjectUri
{
    private const string S3Scheme = "s3://";

    /// <summary>The URI of an object that a person named by a URI or an absolute path; false with what is wrong and the mend.</summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? uri, [NotNullWhen(false)] out string? fault)
    {
        (uri, fault) = (null, null);
        if (!ObjectLocation.TryParse(text, out var location, out fault))
        {
            return false;
        }

        if (location.Parent() is null)
        {
            fault = $"'{text}' names no file: write its whole path.";
            return false;
        }

        // Keys of S3 are taken as they stand: two slashes are another key than one.
        uri = location.LocalPath is { } path ? LocalUri.Of(path) : S3Scheme + text[S3Scheme.Length..];
        return true;
    }

    /// <summary>The store and the key of an object.</summary>
    /// <exception cref="ObjectStoreException">Jobs may not use it.</exception>
    public static (IObjectStore Store, string Key) Open(ObjectStores stores, string uri)
    {
        if (stores.Places.FaultOfObject(uri) is { } fault)
        {
            throw new ObjectStoreException(ObjectStoreFault.AccessDenied, uri, fault);
        }

        var location = ObjectLocation.Parse(uri);
        if (location.LocalPath is not null && location.Parent() is var (folder, name))
        {
            return (stores.OpenAround(location, folder), name);
        }

        return (stores.OpenAround(location, ObjectLocation.Parse(S3Scheme + location.Bucket)), uri[(S3Scheme.Length + location.Bucket!.Length + 1)..]);
    }
}
