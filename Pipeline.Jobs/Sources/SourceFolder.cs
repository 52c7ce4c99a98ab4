using System.Runtime.CompilerServices;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>The files of a source of rows: the one that it names, or those of its format in the folder that it names.</summary>
internal sealed class SourceFolder
{
    private readonly SourceFormat format;
    private readonly StoredObject? only;
    private readonly SourceListing listing;

    private SourceFolder(SourceFormat format, IObjectStore store, ObjectLocation location, StoredObject? only, ObjectLocation output)
    {
        (this.format, this.only) = (format, only);
        listing = new SourceListing(store, location, output);
    }

    /// <summary>The folder that holds the files.</summary>
    public IObjectStore Store => listing.Store;

    /// <exception cref="ObjectStoreException">The source cannot be reached.</exception>
    public static async Task<SourceFolder> OpenAsync(
        ObjectStores stores, string source, string output, SourceFormat format, CancellationToken cancellationToken)
    {
        var location = ObjectLocation.Parse(source);
        // Without a valid output nothing can be left out of the listing; the source itself stands in for "nothing".
        var apart = ObjectLocation.TryParse(output, out var parsed, out _) ? parsed : location;
        if (location.Parent() is var (folder, name) && stores.OpenAround(location, folder) is var around && await around.FindAsync(name, cancellationToken) is { } file)
        {
            return new SourceFolder(format, around, folder, file, apart);
        }

        return new SourceFolder(format, stores.Open(source), location, null, apart);
    }

    /// <summary>The files in the order of their keys.</summary>
    /// <exception cref="ObjectStoreException">They cannot be listed, or there are none.</exception>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (only is { } file)
        {
            yield return file;
            yield break;
        }

        var any = false;
        await foreach (var found in listing.ListAsync(key => SourceFormats.HasEnding(format, key) && !ImageFiles.IsHidden(key), cancellationToken))
        {
            any = true;
            yield return found;
        }

        if (!any)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.NotFound,
                Store.Uri,
                $"'{Store.Uri}' is neither a file nor a folder with files that end with {SourceFormats.EndingsOf(format)}: name one of them.");
        }
    }
}
