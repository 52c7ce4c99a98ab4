using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pipeline.Jobs.Storage;

/// <summary>Adds up a content while it is read, by the best checksum that S3 gave with it.</summary>
internal abstract class BodySum : IDisposable
{
    /// <summary>Adds the next bytes.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>After the last byte: null if the content is what S3 holds, else what differs.</summary>
    public abstract string? Differs();

    public virtual void Dispose()
    {
    }

    /// <summary>Null if S3 gave nothing that the content as a whole can be compared with.</summary>
    public static BodySum? Of(GetObjectResponse response, ETagMeaning meaning)
    {
        // Sums of the parts' sums say nothing without the parts' lengths.
        if (response.ChecksumType != ChecksumType.COMPOSITE)
        {
            BodySum? sum = response switch
            {
                { ChecksumSHA256: { Length: > 0 } sha256 } => new Digest("SHA256", HashAlgorithmName.SHA256, sha256),
                { ChecksumCRC64NVME: { Length: > 0 } crc } => new Crc64(crc),
                { ChecksumCRC32C: { Length: > 0 } crc } => new Crc32C(crc),
                { ChecksumCRC32: { Length: > 0 } crc } => new PlainCrc32(crc),
                { ChecksumSHA1: { Length: > 0 } sha1 } => new Digest("SHA1", HashAlgorithmName.SHA1, sha1),
                _ => null,
            };
            if (sum is not null)
            {
                return sum;
            }
        }

        var etag = response.ETag?.Trim('"') ?? "";
        return etag.Length == 32 && etag.All(char.IsAsciiHexDigitLower) ? new Tag(etag, meaning) : null;
    }

    private static string? Compare(string name, string expected, ReadOnlySpan<byte> found)
    {
        var text = Convert.ToBase64String(found);
        return text == expected ? null : $"its {name} is {text}, S3 has {expected}";
    }

    private sealed class Digest(string name, HashAlgorithmName algorithm, string expected) : BodySum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(algorithm);

        public override void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public override void Dispose()
        {
            base.Dispose();
            hash.Dispose();
        }

        public override string? Differs() => Compare(name, expected, hash.GetHashAndReset());
    }

    private sealed class PlainCrc32(string expected) : BodySum
    {
        private readonly Crc32 crc = new();

        public override void Append(ReadOnlySpan<byte> bytes) => crc.Append(bytes);

        public override string? Differs()
        {
            var sum = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(sum, crc.GetCurrentHashAsUInt32());
            return Compare("CRC32", expected, sum);
        }
    }

    private sealed class Crc32C(string expected) : BodySum
    {
        private uint sum = uint.MaxValue;

        public override void Append(ReadOnlySpan<byte> bytes)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(bytes);
            foreach (var word in words)
            {
                sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
            }

            foreach (var value in bytes[(words.Length * sizeof(ulong))..])
            {
                sum = BitOperations.Crc32C(sum, value);
            }
        }

        public override string? Differs()
        {
            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, ~sum);
            return Compare("CRC32C", expected, bytes);
        }
    }

    private sealed class Crc64(string expected) : BodySum
    {
        private ulong sum = Crc64Nvme.Initial;

        public override void Append(ReadOnlySpan<byte> bytes) => sum = Crc64Nvme.Append(sum, bytes);

        public override string? Differs()
        {
            var bytes = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, ~sum);
            return Compare("CRC64NVME", expected, bytes);
        }
    }

    private sealed class Tag(string etag, ETagMeaning meaning) : BodySum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

        public override void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

        public override void Dispose()
        {
            base.Dispose();
            hash.Dispose();
        }

        public override string? Differs()
        {
            var md5 = Convert.ToHexStringLower(hash.GetHashAndReset());
            return meaning.Refutes(etag, md5) ? $"its MD5 sum is {md5}, its ETag {etag}" : null;
        }
    }
}
