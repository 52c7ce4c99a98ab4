using System.ComponentModel;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Worker.Decoding;

/// <summary>
/// Memory of a worker and one decoder process: the encoded image first, its pixels behind it. Only pages that were written to take memory.
/// Its length is sealed, so that nothing a decoder does to it can make the worker's reads fail.
/// </summary>
internal sealed unsafe partial class SharedMemory : IDisposable
{
    /// <summary>What an ordinary image touches is kept for the next; what a huge one did is given back.</summary>
    private const long Kept = 64L << 20;

    private const uint CloseOnExec = 1, AllowSealing = 2;
    private const int AddSeals = 1033, SealShrink = 2, SealGrow = 4;
    private const int Remove = 9;

    private readonly long _encodedLength;
    private readonly long _pixelLength;
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private SharedMemory(SafeFileHandle handle, DecoderSettings settings)
    {
        _handle = handle;
        (_encodedLength, _pixelLength) = Lengths(settings);
        _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, _encodedLength + _pixelLength);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>Where a child of this process can open it.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    public static SharedMemory Create(DecoderSettings settings)
    {
        var handle = MemoryFile("pipeline-decoder", CloseOnExec | AllowSealing);
        var (encoded, pixels) = Lengths(settings);
        if (handle.IsInvalid || SetLength(handle, encoded + pixels) != 0 || Control(handle, AddSeals, SealShrink | SealGrow) != 0)
        {
            throw new DecoderStartException($"No memory can be shared with a decoder process: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }

        return new SharedMemory(handle, settings);
    }

    public static SharedMemory Open(string path, DecoderSettings settings) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), settings);

    public Span<byte> Encoded(int length) => new(_start, checked((int)Math.Min(length, _encodedLength)));

    /// <summary>uint8 RGB.</summary>
    public Span<byte> Pixels(int width, int height) => new(_start + _encodedLength, checked((int)Math.Min(3L * width * height, _pixelLength)));

    /// <summary>Gives back the memory of an image, if that was much.</summary>
    public void Release(long used)
    {
        if (used > Kept)
        {
            // What can't be given back is only used again.
            _ = Advise(_start, (nuint)(_encodedLength + _pixelLength), Remove);
        }
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _handle.Dispose();
    }

    private static (long Encoded, long Pixels) Lengths(DecoderSettings settings) =>
        (Pages(settings.MaxBytes), Pages(3 * Math.Min(settings.Limits.MaxPixels, Array.MaxLength / 3)));

    private static long Pages(long bytes) => (bytes + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetLength(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
