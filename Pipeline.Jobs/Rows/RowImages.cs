using System.Security.Cryptography;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Rows;

/// <summary>Finds the image that a row is about: in the row, or where it was read.</summary>
public sealed class RowImages(ObjectStores stores)
{
    /// <summary>The encoded image, or null if it is not there any more, can't be read, or is another one by now.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(AnnotationRow row, CancellationToken cancellationToken)
    {
        if (row.Image is not null || row.Sha256 is null)
        {
            return row.Image;
        }

        try
        {
            var (folder, name) = Split(row.SourceUri);
            var store = stores.Open(folder);
            if (await store.FindAsync(name, cancellationToken) is not { } found || found.Bytes != row.Bytes)
            {
                return null;
            }

            var bytes = await store.ReadAllBytesAsync(name, cancellationToken);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == row.Sha256 ? (ReadOnlyMemory<byte>?)bytes : null;
        }
        catch (Exception exception) when (exception is ObjectStoreException or ObjectLocationException)
        {
            return null;
        }
    }

    /// <summary>URIs of local files are escaped, those of S3 are not.</summary>
    private static (string Folder, string Name) Split(string uri)
    {
        var slash = uri.LastIndexOf('/') + 1;
        var name = uri[slash..];
        return (uri[..slash], uri.StartsWith("file://", StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name);
    }
}
