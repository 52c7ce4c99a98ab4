using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.Access;

/// <summary>
/// The text of an API key: <c>dfp_</c>, an id of 12 hexadecimal digits, <c>_</c>, a secret of 64 (256 random bits) and a checksum of 8. Scanners find it by its
/// beginning, and a mistyped one is refused without a look at the storage.
/// </summary>
internal static class ApiKeyToken
{
    public const string Prefix = "dfp_";
    private const int IdDigits = 12, SecretDigits = 64, SumDigits = 8;
    private const int Length = 4 + IdDigits + 1 + SecretDigits + SumDigits;

    /// <summary>A new key's id and text.</summary>
    public static (string Id, string Text) Create()
    {
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        var text = $"{Prefix}{id}_{RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)}";
        return (id, text + Sum(text));
    }

    /// <summary>The id that a text names; null if it is no key.</summary>
    public static string? IdOf(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + IdDigits] == '_' && text.All(char.IsAscii)
        && text[^SumDigits..] == Sum(text[..^SumDigits])
            ? text.Substring(Prefix.Length, IdDigits)
            : null;

    /// <summary>What is kept of it. A secret of 256 random bits needs no slow hash.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Sum(string text) => Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
}
