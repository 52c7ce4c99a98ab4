using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>The images of a source, in the order of their keys. What lies in an output inside the source is not among them.</summary>
public sealed class SourceListing
{
    private readonly string? output;

    /// <param name="store">The source.</param>
    /// <param name="source">Its location.</param>
    /// <param name="output">Where the dataset goes.</param>
    public SourceListing(IObjectStore store, ObjectLocation source, ObjectLocation output)
    {
        Store = store;
        this.output = source.KeyOf(output) is { Length: > 0 } key ? key + "/" : null;
    }

    /// <summary>The source itself.</summary>
    public IObjectStore Store { get; }

    /// <summary>Opens a source by its location.</summary>
    /// <exception cref="ObjectLocationException">Source or output is no location.</exception>
    public static SourceListing Open(ObjectStores stores, string source, string output) =>
        new(stores.Open(source), ObjectLocation.Parse(source), ObjectLocation.Parse(output));

    /// <exception cref="ObjectStoreException">The source cannot be listed.</exception>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in Store.ListAsync("", cancellationToken))
        {
            if (ImageFiles.IsImage(found.Key) && (output is null || !found.Key.StartsWith(output, StringComparison.Ordinal)))
            {
                yield return found;
            }
        }
    }

    /// <summary>Whether there is any image at all; stops at the first.</summary>
    /// <exception cref="ObjectStoreException">The source cannot be listed.</exception>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in ListAsync(cancellationToken))
        {
            return true;
        }

        return false;
    }

    /// <summary>A sentence for a source in which <see cref="AnyAsync"/> finds nothing.</summary>
    public string DescribeEmpty() =>
        $"'{Store.Uri}' holds no images: put files there that end with {string.Join(", ", ImageFiles.Extensions.Select(ending => "." + ending))}, or name another folder.";
}
