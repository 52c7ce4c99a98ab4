using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Writes into a plan which of its images are duplicates of earlier ones. Reads every image of the source.</summary>
internal sealed class DuplicateMarks(JobSpec spec, DuplicateSpec duplicates, ObjectStores stores, Fingerprinter fingerprints)
{
    private readonly DuplicateFinder finder = new(duplicates);

    /// <summary>The next images of the plan, marked.</summary>
    public async Task<IReadOnlyList<PlannedImage>> MarkAsync(IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken)
    {
        var marked = new List<PlannedImage>(images.Count);
        await foreach (var fingerprint in fingerprints(stores, spec, images, cancellationToken))
        {
            var image = images[marked.Count];
            marked.Add(fingerprint is { } known ? image with { Duplicate = finder.Find(image, known) } : image);
        }

        return marked.Count == images.Count
            ? marked
            : throw new InvalidOperationException($"There are {marked.Count} fingerprints of {images.Count} images.");
    }
}
