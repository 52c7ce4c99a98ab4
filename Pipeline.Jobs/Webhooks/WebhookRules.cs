using System.Net;
using Pipeline.Jobs.Network;

namespace Pipeline.Jobs.Webhooks;

/// <summary>What an endpoint may be.</summary>
public static class WebhookRules
{
    private const int LongestUrl = 2_048;
    private const int LongestDescription = 200;

    /// <summary>Everything that is wrong with the request.</summary>
    public static IReadOnlyList<string> Faults(WebhookRequest request, bool isNew, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        var unknown = (request.Events ?? []).Where(type => !WebhookEvent.Types.Contains(type)).ToList();
        return
        [
            .. ((string?[])
            [
                request.Url is { } url ? UrlFault(url, options) : isNew ? "url is missing: give the address that events are sent to." : null,
                unknown.Count > 0 ? $"events has {string.Join(", ", unknown.Select(type => $"\"{type}\""))}: use {string.Join(", ", WebhookEvent.Types)}." : null,
                request.Description is { Length: > LongestDescription } text ? $"description has {text.Length:N0} characters: use {LongestDescription} at most." : null,
                // What was given is not repeated: it may be a secret of something else.
                request.Secret is { } secret ? !isNew ? "secret cannot be changed: rotate it." : WebhookSecret.IsValid(secret) ? null : "secret is not valid: write whsec_ and 24 to 64 bytes in base64, or leave it out." : null,
            ]).OfType<string>(),
        ];
    }

    /// <summary>What is wrong with an address as it is written; null if nothing is. What its host resolves to is judged when it is called.</summary>
    internal static string? UrlFault(string text, WebhookOptions options)
    {
        if (text.Length > LongestUrl)
        {
            return $"url has {text.Length:N0} characters: use {LongestUrl:N0} at most.";
        }

        // It is repeated without its query, which may hold a token.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            return "url is no address: write https://host/path.";
        }

        var shown = url.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort | UriComponents.Path, UriFormat.UriEscaped);
        return url switch
        {
            { UserInfo.Length: > 0 } => $"url \"{shown}\" has a user or password in it: leave it out, requests are signed.",
            _ when GuardedHttp.IsInternal([.. options.AllowedHosts], url.IdnHost, url.Port) => null,
            { Scheme: "http" } => $"url is \"{shown}\": use https, or have the operator allow \"{url.Authority}\" in Webhooks:AllowedHosts.",
            _ when IPAddress.TryParse(url.IdnHost, out var address) && !PublicAddresses.IsPublic(address) =>
                $"url is \"{shown}\", which is no public address: have the operator allow \"{url.Authority}\" in Webhooks:AllowedHosts.",
            _ => null,
        };
    }
}
