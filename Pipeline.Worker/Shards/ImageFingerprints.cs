using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Shards;

/// <summary>Reads images as shards will, and where near duplicates are wanted decodes them, for what duplicates are known by.</summary>
internal sealed class ImageFingerprints(
    DecoderPool decoders, IOptions<WorkerOptions> options, TimeProvider time, ILogger<ImageFingerprints> logger)
{
    /// <summary>While a job is planned nothing else waits for its source, and no decoded image is held.</summary>
    private const int ReadsAtOnce = 32;

    /// <inheritdoc cref="Fingerprinter"/>
    /// <exception cref="ObjectStoreException">The source as a whole can't be reached now.</exception>
    public async IAsyncEnumerable<ImageFingerprint?> OfAsync(
        ObjectStores stores, JobSpec spec, IReadOnlyList<PlannedImage> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var reading = new ImageReader(
            new ImageOpener(stores, spec), limits.MaxImageBytes, new StorePatience(TimeSpan.FromSeconds(limits.StorePatienceSeconds), time, logger));
        var read = images.ToAsyncEnumerable().SelectAheadAsync(Math.Max(ReadsAtOnce, limits.ReadAhead), reading.ReadAsync, cancellationToken);
        if (spec.Duplicates is { Find: DuplicateKind.Near })
        {
            var decoding = new LookDecoding(spec, decoders);
            read = read.SelectAheadAsync(limits.DecodeThreads, decoding.DecodeAsync, cancellationToken);
        }

        await foreach (var work in read.WithCancellation(cancellationToken))
        {
            yield return FingerprintOf(work);
        }
    }

    private static ImageFingerprint? FingerprintOf(ImageWork work) => work is { Sha256: { } sha256, Bytes: > 0 }
        ? new ImageFingerprint(
            UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            work.Failure is null ? work.Look?.PerceptualHash : null)
        : null;

    /// <summary>Decodes no more of an image than its perceptual hash needs, and leaves out what the job's filters leave out.</summary>
    private sealed class LookDecoding(JobSpec spec, DecoderPool decoders)
    {
        private readonly ImageFilter _filter = new(spec);
        private readonly ImageProcessor _processor = ProcessorOf(spec);

        public async Task<ImageWork> DecodeAsync(ImageWork work, CancellationToken cancellationToken)
        {
            if (work.Failure is not null)
            {
                return work;
            }

            try
            {
                var crops = await decoders.DecodeAsync(work.Encoded, _processor.ProcessLowResolution, cancellationToken);
                return _filter.Apply(work with { Encoded = default, Facts = crops.Image, Look = ImageLook.Of(crops) });
            }
            catch (ImageException)
            {
                // Its row will say what is wrong with it.
                return work with { Encoded = default };
            }
        }

        private static ImageProcessor ProcessorOf(JobSpec spec)
        {
            var config = CheckpointFolder.ReadConfig(spec.Model);
            return new ImageProcessor(config.Version, config.Vision.ImageSize);
        }
    }
}
