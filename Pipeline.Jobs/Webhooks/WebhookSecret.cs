using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.Webhooks;

/// <summary>What a receiver tells our calls from others' by: <c>whsec_</c> and 24 to 64 bytes in base64, as Standard Webhooks has it.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24, MostBytes = 64, Bytes = 32;

    public static string Create() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    public static bool IsValid(string secret)
    {
        var buffer = new byte[MostBytes + 1];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length) && length is >= LeastBytes and <= MostBytes;
    }

    /// <summary>The header <c>webhook-signature</c>: one <c>v1,…</c> for each secret.</summary>
    /// <param name="secrets">Valid ones.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="timestamp">Of this attempt, in Unix seconds.</param>
    /// <param name="body">As it is sent.</param>
    public static string Sign(IEnumerable<string> secrets, string id, long timestamp, string body)
    {
        var signed = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}.{timestamp}.{body}"));
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}"));
    }
}
