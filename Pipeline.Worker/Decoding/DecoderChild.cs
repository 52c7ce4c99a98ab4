using System.Diagnostics;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Decoding;

/// <summary>One decoder process, as the worker sees it. For one caller at a time; disposing ends it.</summary>
internal sealed class DecoderChild : IDisposable
{
    /// <summary>A machine may be busy, and its disk slow.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromMinutes(1);

    private readonly DecoderSettings _settings;
    private readonly TimeProvider _time;
    private readonly SharedMemory _memory;
    private readonly Process _process;
    private readonly LastWords _lastWords;
    private bool _ended;

    private DecoderChild(DecoderSettings settings, TimeProvider time, SharedMemory memory, Process process)
    {
        (_settings, _time, _memory, _process) = (settings, time, memory, process);
        _lastWords = new LastWords(process);
    }

    /// <summary>Images that it was given.</summary>
    public int Images { get; private set; }

    /// <summary>Whether it can take another image.</summary>
    public bool IsAlive => !Volatile.Read(ref _ended) && !_process.HasExited;

    public int ProcessId => _process.Id;

    /// <exception cref="DecoderStartException">It can't be started, or does not get as far as its first image.</exception>
    public static DecoderChild Start(DecoderSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var memory = SharedMemory.Create(settings);
        Process process;
        try
        {
            process = Process.Start(DecoderProgram.StartInfo(memory, settings))!;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            memory.Dispose();
            throw new DecoderStartException($"No decoder process can be started: {e.Message}", e);
        }

        var child = new DecoderChild(settings, time, memory, process);
        try
        {
            return child.Ask(() => { }, s_startPatience, cancellationToken) is { Facts: not null }
                ? child
                : throw new DecoderStartException("A decoder process does not know what it should say: is the installation of one version?");
        }
        catch (Exception e) when (e is DecoderDiedException or ImageException)
        {
            child.Dispose();
            throw new DecoderStartException($"A decoder process does not start: {e.Message} {child._lastWords}".TrimEnd(), e);
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Decodes an image on the caller's thread; <see cref="PixelsOf"/> are its pixels until the next.</summary>
    /// <exception cref="ImageException">The process says that it can't be decoded, or took too long and is gone.</exception>
    /// <exception cref="DecoderDiedException">The process is gone.</exception>
    public ImageFacts Decode(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        Images++;
        var reply = Ask(() => Send(encoded.Span), _settings.Time, cancellationToken);
        if (reply.Facts is not { } facts)
        {
            _memory.Release(encoded.Length);
            throw new ImageException(reply.Fault, reply.Message);
        }

        var limits = _settings.Limits;
        if (facts.Width < 1 || facts.Height < 1 || Math.Max(facts.Width, facts.Height) > limits.MaxSide || (long)facts.Width * facts.Height > limits.MaxPixels)
        {
            End();
            throw new DecoderDiedException("said what can't be");
        }

        return facts;
    }

    /// <summary>uint8 RGB, <c>[height, width, 3]</c>.</summary>
    public ReadOnlySpan<byte> PixelsOf(ImageFacts facts) => _memory.Pixels(facts.Width, facts.Height);

    /// <summary>Gives back the memory of a big image.</summary>
    public void Release(int encoded, ImageFacts facts) => _memory.Release(encoded + (3L * facts.Width * facts.Height));

    public void Dispose()
    {
        End();
        _process.WaitForExit();
        _process.Dispose();
        _memory.Dispose();
    }

    private void Send(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(_memory.Encoded(encoded.Length));
        var input = _process.StandardInput.BaseStream;
        input.Write(BitConverter.GetBytes(encoded.Length));
        input.Flush();
    }

    private DecoderReply Ask(Action question, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // A read from a pipe can't be cancelled; it ends with the process. Disposing waits for an end that is under way.
            using (stop.Token.UnsafeRegister(static child => ((DecoderChild)child!).End(), this))
            {
                question();
                return DecoderReply.Read(_process.StandardOutput.BaseStream);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            End();
            _process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            throw deadline.IsCancellationRequested || _process.ExitCode == 128 + ExitCause.CpuTime
                ? new ImageException(ImageFault.TooSlow, $"The image was not decoded after {patience.TotalSeconds:0.#} s, the longest that Worker:DecodeSeconds allows.")
                : new DecoderDiedException(ExitCause.Of(_process.ExitCode));
        }
    }

    private void End()
    {
        Volatile.Write(ref _ended, true);
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was quicker.
        }
    }
}
