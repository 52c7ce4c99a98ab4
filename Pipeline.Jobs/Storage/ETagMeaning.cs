using System.Collections.Concurrent;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// Whether the ETags of a bucket are MD5 sums of the contents. Most are, those of encrypted objects and of some servers look alike and are not, and
/// nothing says which. One that fits proves it; until then, one that differs from the same content twice says that they are not.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ETagMeaning
{
    /// <summary>Doubts kept before the first proof; beyond, the tags are something else.</summary>
    private const int MostDoubts = 1_000;

    private readonly ConcurrentDictionary<(string ETag, string Md5), bool> doubts = new();
    private volatile bool isMd5;
    private volatile bool isOther;

    /// <summary>True if content of that MD5 sum cannot be what the ETag was given for.</summary>
    /// <param name="etag">Without quotes.</param>
    /// <param name="md5">Lower-case hex.</param>
    public bool Refutes(string etag, string md5)
    {
        if (etag == md5)
        {
            isMd5 = true;
            return false;
        }

        if (isMd5)
        {
            return true;
        }

        isOther |= !doubts.TryAdd((etag, md5), true) || doubts.Count > MostDoubts;
        return !isOther;
    }
}
