namespace Pipeline.Jobs.Storage;

/// <summary>CRC-64/NVME, which S3 gives objects that were uploaded without a checksum: polynomial AD93D23594C93659, reflected. The base library has only others.</summary>
internal static class Crc64Nvme
{
    /// <summary>Before the first byte; of the sum after the last one the bits are inverted.</summary>
    public const ulong Initial = ulong.MaxValue;

    private const ulong ReflectedPolynomial = 0x9A6C9329AC4BC9B5;

    private static readonly ulong[] Table = MakeTable();

    public static ulong Append(ulong sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            sum = Table[(byte)sum ^ value] ^ (sum >> 8);
        }

        return sum;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var sum = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ ReflectedPolynomial;
            }

            table[i] = sum;
        }

        return table;
    }
}
