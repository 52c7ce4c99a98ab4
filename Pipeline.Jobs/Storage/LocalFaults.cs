using System.Runtime.InteropServices;

namespace Pipeline.Jobs.Storage;

/// <summary>Tells what went wrong with a local file, from the exception or errno.</summary>
internal static class LocalFaults
{
    public static bool IsFault(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    public static ObjectStoreException Translate(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Create(path, Posix.NotFound, exception),
        UnauthorizedAccessException => Create(path, Posix.PermissionDenied, exception),
        _ => Create(path, exception.HResult, exception),
    };

    public static ObjectStoreException Create(string path, int errno, Exception? inner = null)
    {
        var (fault, detail) = errno switch
        {
            Posix.NotFound => (ObjectStoreFault.NotFound, $"There is no '{path}'."),
            Posix.PermissionDenied or Posix.NotPermitted =>
                (ObjectStoreFault.AccessDenied, $"This process ({Environment.UserName}) may not access '{path}': grant it the permission."),
            Posix.ReadOnlyFileSystem => (ObjectStoreFault.AccessDenied, $"'{path}' lies on a read-only file system: choose another folder."),
            Posix.NoSpace => (ObjectStoreFault.Full, $"No space is left for '{path}': free some or choose another folder."),
            Posix.QuotaExceeded => (ObjectStoreFault.Full, $"The disk quota is used up at '{path}': free some space or choose another folder."),
            Posix.NotADirectory => (ObjectStoreFault.Rejected, $"'{path}' cannot be made: a part of the path is a file, or takes no folders."),
            Posix.IoError or Posix.TimedOut or Posix.StaleHandle or Posix.TooManyFiles or Posix.TooManyOpenFiles =>
                (ObjectStoreFault.Unavailable, $"'{path}': {Describe(errno, inner)}."),
            _ => (ObjectStoreFault.Rejected, $"'{path}': {Describe(errno, inner)}."),
        };
        return new ObjectStoreException(fault, LocalUri.Of(path), detail, inner);
    }

    private static string Describe(int errno, Exception? inner) =>
        (inner?.Message ?? Marshal.GetPInvokeErrorMessage(errno)).TrimEnd('.');
}
