using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Duplicates;

/// <summary>What duplicates are known by.</summary>
/// <param name="Content">The first 128 bits of the sha256 over the encoded image.</param>
/// <param name="Look">Perceptual hash; null where nobody asks for near duplicates, and of images that can't be decoded or that the job's filters leave out.</param>
public readonly record struct ImageFingerprint(UInt128 Content, ulong? Look);

/// <summary>Fingerprints of images in their order, read from those stores; null of those that can't be read, or are empty.</summary>
public delegate IAsyncEnumerable<ImageFingerprint?> Fingerprinter(ObjectStores stores, JobSpec spec, IReadOnlyList<PlannedImage> images, CancellationToken cancellationToken);
