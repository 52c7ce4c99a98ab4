using Pipeline.Jobs.Rows;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Shards;

/// <summary>Second stage: decodes images and leaves out those that the job does not want. Nothing that a file holds fails more than its own row.</summary>
internal sealed class ImageDecoding(IAnnotator annotator, ImageFilter filter)
{
    public async Task<ImageWork> DecodeAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (work.Failure is not null)
        {
            return work;
        }

        try
        {
            var crops = await annotator.DecodeAsync(work.Encoded, cancellationToken);
            return filter.Apply(work with { Encoded = default, Crops = crops, Facts = crops.Image, Look = ImageLook.Of(crops), Overview = ImageOverview.Of(crops, ShardPictures.Side) });
        }
        catch (ImageException e)
        {
            return work.Failed(FailureOf(e.Fault), e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException && !IsBrokenInstallation(e))
        {
            return work.Failed(RowFailure.CorruptImage, FirstLine.Of(e));
        }
    }

    /// <summary>A process that can't be started or a library that can't be loaded is no fault of the image.</summary>
    private static bool IsBrokenInstallation(Exception e) => e is DecoderStartException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException;

    private static RowFailure FailureOf(ImageFault fault) => fault switch
    {
        ImageFault.Empty => RowFailure.EmptyFile,
        ImageFault.NotAnImage => RowFailure.NotAnImage,
        ImageFault.Truncated => RowFailure.TruncatedImage,
        ImageFault.TooLarge or ImageFault.TooMuchMemory => RowFailure.ImageTooLarge,
        ImageFault.TooSlow => RowFailure.ImageTooSlow,
        ImageFault.DecoderCrashed => RowFailure.DecoderCrashed,
        _ => RowFailure.CorruptImage,
    };
}
