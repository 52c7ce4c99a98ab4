using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Decoding;

/// <summary>What is made of an image's pixels while they are there.</summary>
/// <param name="rgb">uint8 RGB, <c>[height, width, 3]</c>.</param>
/// <param name="image">Its size and format.</param>
internal delegate T PixelUse<out T>(ReadOnlySpan<byte> rgb, ImageFacts image);

/// <summary>
/// Decodes images in processes of their own, which may die, hang and run out of memory without harm to anything but the image they have.
/// Thread-safe; a process is started when it is first needed, and replaced when it is gone.
/// </summary>
/// <param name="settings">What each may take.</param>
/// <param name="size">Images decoded at a time, and so the most processes.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Hears of processes that died.</param>
internal sealed class DecoderPool(DecoderSettings settings, int size, TimeProvider time, ILogger<DecoderPool> logger) : IDisposable
{
    /// <summary>A process may also be killed from outside, by a kernel short of memory, say.</summary>
    private const int Tries = 2;

    /// <summary>What damage or leak an image left in a process ends with it.</summary>
    private const int ImagesOfProcess = 5_000;

    private readonly SemaphoreSlim _places = new(size);
    private readonly ConcurrentStack<DecoderChild> _idle = [];
    private volatile bool _disposed;

    /// <summary>Decodes an image and makes something of its pixels. Both happen on a thread of the pool.</summary>
    /// <exception cref="ImageException">The bytes can't be decoded, or not within the limits, or kill the process that tries.</exception>
    /// <exception cref="DecoderStartException">No process can be started.</exception>
    public async Task<T> DecodeAsync<T>(ReadOnlyMemory<byte> encoded, PixelUse<T> use, CancellationToken cancellationToken)
    {
        if (encoded.Length > settings.MaxBytes)
        {
            throw new ImageException(ImageFault.TooLarge, $"The file has {encoded.Length:N0} bytes, and {settings.MaxBytes:N0} are allowed.");
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Decode(encoded, use, cancellationToken), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var child))
        {
            child.Dispose();
        }
    }

    private T Decode<T>(ReadOnlyMemory<byte> encoded, PixelUse<T> use, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var child = Take(cancellationToken);
            try
            {
                var facts = child.Decode(encoded, cancellationToken);
                var result = use(child.PixelsOf(facts), facts);
                child.Release(encoded.Length, facts);
                return result;
            }
            catch (DecoderDiedException e) when (attempt < Tries)
            {
                Log.DecoderDied(logger, child.ProcessId, e.Cause);
            }
            catch (DecoderDiedException e)
            {
                Log.DecoderDied(logger, child.ProcessId, e.Cause);
                throw new ImageException(
                    ImageFault.DecoderCrashed, $"The image ended the process that decoded it, {Tries} times: the last one {e.Cause}.", e);
            }
            finally
            {
                GiveBack(child);
            }
        }
    }

    private DecoderChild Take(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
        {
            if (idle.IsAlive)
            {
                return idle;
            }

            idle.Dispose();
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        return DecoderChild.Start(settings, time, cancellationToken);
    }

    private void GiveBack(DecoderChild child)
    {
        if (child.IsAlive && child.Images < ImagesOfProcess && !_disposed)
        {
            _idle.Push(child);
            if (!_disposed || !_idle.TryPop(out child!))
            {
                return;
            }
        }

        child.Dispose();
    }
}
