using System.Runtime.CompilerServices;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Looks up how long images are that a manifest only names.</summary>
internal sealed class ImageLengths(ImageOpener images)
{
    private const int LooksAtOnce = 64;

    /// <summary>The images in their order. The length of one that is not there, or may not be looked at, stays 0: its row will say why.</summary>
    /// <exception cref="ObjectStoreException">A store does not answer now.</exception>
    public async IAsyncEnumerable<PlannedImage> FillAsync(IAsyncEnumerable<PlannedImage> planned, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in planned.Chunk(LooksAtOnce).WithCancellation(cancellationToken))
        {
            foreach (var image in await Task.WhenAll(chunk.Select(image => FillAsync(image, cancellationToken))))
            {
                yield return image;
            }
        }
    }

    private async Task<PlannedImage> FillAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        if (image is not { Bytes: 0, Part: null, Fault: null, ETag: "" })
        {
            return image;
        }

        try
        {
            return image with { Bytes = await images.FindLengthAsync(image, cancellationToken) };
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return image;
        }
    }
}
