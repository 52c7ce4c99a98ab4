using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>What a request to the store is for, whatever its numbers: "PUT out/_pipeline/commits/#.json".</summary>
internal static partial class WireStep
{
    /// <param name="request">Of a path-style client.</param>
    /// <param name="prefix">Of the run, which is left out.</param>
    public static string Of(HttpRequest request, string prefix)
    {
        var path = request.Path.Value!.Split('/', 3) is [_, _, var key] ? key : "";
        var query = string.Concat(request.Query.Keys.Where(name => name is "list-type" or "uploads" or "uploadId").Order(StringComparer.Ordinal).Select(name => $" ?{name}"));
        var listed = request.Query["prefix"].ToString();
        return $"{request.Method} {Numbers().Replace(Without(path + listed, prefix), "#")}{query}";
    }

    private static string Without(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..].TrimStart('/') : key;

    // Hex of some length and decimal numbers: shards, attempts, nonces.
    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+")]
    private static partial Regex Numbers();
}
