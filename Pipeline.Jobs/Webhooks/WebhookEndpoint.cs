using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Webhooks;

/// <summary>Who is told of jobs' changes, as the storage holds it. Its secrets leave this process in signatures alone, and in the answer to whoever made them.</summary>
internal sealed record WebhookEndpoint
{
    public required string Id { get; init; }
    public required string Url { get; init; }

    /// <summary>Null: all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    public string? Description { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Null unless a receiver's answer disabled it.</summary>
    public string? DisabledReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<SigningSecret> Secrets { get; init; }

    public bool Wants(string type) => Enabled && (Events is null || Events.Contains(type));

    /// <summary>The newest, and those that it replaced lately.</summary>
    public IEnumerable<string> SecretsAt(DateTimeOffset now) => Secrets.Where(secret => secret.Until is not { } until || now < until).Select(secret => secret.Value);
}

/// <summary>A signing secret.</summary>
/// <param name="Value">With its prefix.</param>
/// <param name="Until">It signs no longer; null for the newest.</param>
internal sealed record SigningSecret(string Value, DateTimeOffset? Until);

/// <summary>Who is told of jobs' changes: an answer of <c>/v1/webhooks</c>.</summary>
public sealed record WebhookView
{
    public required string Id { get; init; }
    public required string Url { get; init; }

    /// <summary>Types of events that are sent; null: all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    public string? Description { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>Why the server disabled it; null otherwise.</summary>
    public string? DisabledReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Only in the answers to creating and rotating: it cannot be read again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>Body of <c>GET /v1/webhooks</c>.</summary>
public sealed record WebhookList(IReadOnlyList<WebhookView> Webhooks);

/// <summary>Body of <c>POST</c> and <c>PATCH /v1/webhooks</c>; what a PATCH leaves out stays.</summary>
public sealed record WebhookRequest
{
    /// <summary>Where events are sent: https, and a public address, unless the operator allows the host (<c>Webhooks:AllowedHosts</c>).</summary>
    public string? Url { get; init; }

    /// <summary>Types of events, "job.completed"; left out or empty: all.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people: at most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Only when it is created: <c>whsec_</c> and 24 to 64 bytes in base64; left out: one is made.</summary>
    public string? Secret { get; init; }
}
