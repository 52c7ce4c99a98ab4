using System.Security.Cryptography;

namespace Pipeline.Jobs.Storage;

/// <summary>The ETags that S3 gives a content uploaded by this program. An object with one of them holds that content: nobody needs to read it back.</summary>
/// <param name="Md5">Of objects uploaded or copied in one piece: the MD5 sum, lower-case hex.</param>
/// <param name="Parts">Of objects uploaded in parts: the MD5 sum of the parts' MD5 sums, and the number of parts; null for contents that go in one piece.</param>
public sealed record ContentTags(string Md5, string? Parts)
{
    /// <summary>Contents from this length on are uploaded in parts: 16 MiB.</summary>
    internal const long InPartsFrom = 16 << 20;

    private const long LeastPartBytes = 8 << 20;
    private const int MostParts = 10_000;

    public bool Contains(string etag) => etag == Md5 || etag == Parts;

    /// <summary>Length of each part but the last: 8 MiB, more where there would be more than 10,000.</summary>
    internal static long PartBytesOf(long length) => Math.Max(LeastPartBytes, (length + MostParts - 1) / MostParts);

    /// <summary>Of a content that can tell its length, from its beginning.</summary>
    internal static async Task<ContentTags> OfAsync(Stream content, CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var parts = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var (count, left) = (0, 0L);
        var buffer = new byte[1 << 20];
        var partBytes = PartBytesOf(content.Length);
        while (await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left == 0 ? partBytes : left)), cancellationToken) is var read and > 0)
        {
            left = (left == 0 ? partBytes : left) - read;
            whole.AppendData(buffer, 0, read);
            part.AppendData(buffer, 0, read);
            if (left == 0 || content.Position == content.Length)
            {
                parts.AppendData(part.GetHashAndReset());
                count++;
            }
        }

        return new ContentTags(
            Convert.ToHexStringLower(whole.GetHashAndReset()),
            content.Length < InPartsFrom ? null : $"{Convert.ToHexStringLower(parts.GetHashAndReset())}-{count}");
    }
}
