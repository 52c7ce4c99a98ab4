using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Jobs.Storage;

/// <summary>The three calls of Linux that the base library does not offer. All return an errno, 0 for success.</summary>
internal static partial class Posix
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string existing, string created);
}
