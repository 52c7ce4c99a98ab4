using System.Security.Cryptography;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;

namespace Pipeline.Worker.Shards;

/// <summary>First stage: reads images from the source. What is wrong with one image is its row's failure; a source that is down is waited for.</summary>
internal sealed class ImageReader(ImageOpener source, long maxBytes, StorePatience patience, bool embeds = false)
{
    /// <summary>Times that an image may fail in a source that answers before its row is written off; each is several requests already.</summary>
    private const int Tries = 2;

    /// <exception cref="ObjectStoreException">The source can't be reached for longer than patience lasts: worth another try of the shard.</exception>
    public async Task<ImageWork> ReadAsync(PlannedImage image, CancellationToken cancellationToken)
    {
        var work = new ImageWork(image);
        if (image.Fault is { } fault)
        {
            return work.Failed(RowFailure.InvalidRow, fault);
        }

        var start = patience.Now;
        var failures = 0;
        while (true)
        {
            try
            {
                return await ReadOnceAsync(work, cancellationToken);
            }
            catch (ObjectStoreException e) when (e.IsTransient)
            {
                await patience.RunAsync(token => source.AssertReachableAsync(image, token), cancellationToken);

                // The source answers, so it is this object, or it was a moment's trouble. Trouble of the whole source says nothing of the object.
                failures += e.IsOfTheStore && !patience.IsOverSince(start) ? 0 : 1;
                if (failures == Tries)
                {
                    return work.Failed(FailureOf(e), e.Message);
                }
            }
            catch (ObjectStoreException e)
            {
                return work.Failed(FailureOf(e), e.Message);
            }
        }
    }

    private async Task<ImageWork> ReadOnceAsync(ImageWork work, CancellationToken cancellationToken)
    {
        await using var content = await source.OpenAsync(work.Planned, cancellationToken);
        var bytes = await ReadToLimitAsync(content, work.Planned.Bytes, cancellationToken);
        if (bytes is null)
        {
            return work.Failed(
                RowFailure.ImageTooLarge,
                $"The file has more than {maxBytes:N0} bytes, the most that is read: raise Worker:MaxImageBytes, or make the file smaller.");
        }

        return work with
        {
            Encoded = bytes.Value,
            Embedded = embeds ? bytes : null,
            Bytes = bytes.Value.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Value.Span)),
        };
    }

    /// <summary>
    /// The whole content, or null if it is longer than allowed. The planned length is a hint, since the file may have changed; where it
    /// holds, the array is exactly filled, which spares the decoder a copy.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>?> ReadToLimitAsync(Stream content, long planned, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Clamp(planned, 0, maxBytes)];
        var beyond = new byte[1];
        var length = 0;
        while (true)
        {
            length += await content.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellationToken);
            if (length < buffer.Length || await content.ReadAsync(beyond, cancellationToken) == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (length == maxBytes)
            {
                return null;
            }

            Array.Resize(ref buffer, (int)Math.Min(Math.Max(2L * length, 1 << 16), maxBytes));
            buffer[length++] = beyond[0];
        }
    }

    private static RowFailure FailureOf(ObjectStoreException e) => e.Fault switch
    {
        ObjectStoreFault.NotFound => RowFailure.SourceMissing,
        ObjectStoreFault.AccessDenied => RowFailure.SourceForbidden,
        ObjectStoreFault.Corrupt => RowFailure.SourceCorrupt,
        _ => RowFailure.SourceUnreadable,
    };
}
