using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The source can be listed and holds at least one image.</summary>
internal sealed class SourceValidator(ObjectStores stores)
{
    private const string Pointer = "/source";

    /// <exception cref="ObjectStoreException">The store does not answer now.</exception>
    public async Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (!ObjectLocation.TryParse(spec.Source, out var source, out _))
        {
            return [];
        }

        try
        {
            // Without a valid output nothing can be left out of the listing; the source itself stands in for "nothing".
            var output = ObjectLocation.TryParse(spec.Output, out var parsed, out _) ? parsed : source;
            var listing = new SourceListing(stores.Open(spec.Source), source, output);
            return await listing.AnyAsync(cancellationToken) ? [] : [new(Pointer, listing.DescribeEmpty())];
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return [new(Pointer, e.Fault is ObjectStoreFault.NotFound ? $"{e.Message} Give a folder that exists." : e.Message)];
        }
    }
}
