using System.Runtime.CompilerServices;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>The objects of a folder, in the order of their keys. What lies in an output inside the folder is not among them.</summary>
internal sealed class SourceListing
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

    /// <exception cref="ObjectStoreException">The source cannot be listed.</exception>
    public async IAsyncEnumerable<StoredObject> ListAsync(Func<string, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in Store.ListAsync("", cancellationToken))
        {
            if (isWanted(found.Key) && (output is null || !found.Key.StartsWith(output, StringComparison.Ordinal)))
            {
                yield return found;
            }
        }
    }

    /// <summary>A sentence for a source in which there is no image.</summary>
    public string DescribeEmpty() => $"'{Store.Uri}' holds no images: {ImageFiles.DescribeEndings()} folder.";
}
