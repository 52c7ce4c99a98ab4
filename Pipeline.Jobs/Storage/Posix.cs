using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Jobs.Storage;

/// <summary>The calls of Linux that the base library does not offer. Where they return a number it is an errno, 0 for success.</summary>
internal static unsafe partial class Posix
{
    public const int NotFound = 2, IoError = 5, PermissionDenied = 13, Exists = 17, NotADirectory = 20, TooManyFiles = 23, TooManyOpenFiles = 24,
        NoSpace = 28, ReadOnlyFileSystem = 30, NotPermitted = 1, NotSupported = 95, TimedOut = 110, StaleHandle = 116, QuotaExceeded = 122;

    private const int NonBlocking = 0x800, CloseOnExec = 0x80000;

    /// <summary>Opens for reading. Non-blocking, because a plain open of a named pipe waits for a writer for ever.</summary>
    public static int OpenRead(string path, out SafeFileHandle handle)
    {
        handle = Open(path, NonBlocking | CloseOnExec, 0);
        return handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Gives a file a second name, and fails with <see cref="Exists"/> if the name is taken: atomic, unlike a check and a rename.</summary>
    public static int Link(string existing, string created) => LinkFile(existing, created) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes renames and links in a folder outlive a power failure.</summary>
    public static void FlushFolder(string path)
    {
        if (OpenRead(path, out var handle) == 0)
        {
            using (handle)
            {
                RandomAccess.FlushToDisk(handle);
            }
        }
    }

    /// <summary>The path with all links resolved; null if there is no such file or folder.</summary>
    public static string? RealPath(string path)
    {
        var resolved = Resolve(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            NativeMemory.Free((void*)resolved);
        }
    }

    /// <summary>Whether an open file is a regular one: no device, pipe or socket.</summary>
    public static bool IsRegularFile(SafeFileHandle handle)
    {
        const int emptyPath = 0x1000, type = 1, modeOffset = 28, mask = 0xF000, regular = 0x8000;
        var facts = stackalloc byte[256];
        return Stat(handle, "", emptyPath, type, facts) == 0 && (*(ushort*)(facts + modeOffset) & mask) == regular;
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, nint buffer);

    /// <summary>statx: its structure is the same on all processors.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle folder, string path, int flags, uint wanted, byte* facts);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string existing, string created);
}
