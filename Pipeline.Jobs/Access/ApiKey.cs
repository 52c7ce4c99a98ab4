namespace Pipeline.Jobs.Access;

/// <summary>An API key as the storage holds it: never its text.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>SHA-256 of the text, in hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Of <see cref="Access.Scopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whose jobs it is about; null: everybody's.</summary>
    public string? Tenant { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public bool IsValid(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);
}

/// <summary>What an administrator asks for: the body of <c>POST /v1/keys</c>.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>Whose or what for, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Of read, submit, admin, metrics.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Whose jobs it is about, 1 to 40 letters, digits, - and _; without: everybody's.</summary>
    public string? Tenant { get; init; }

    /// <summary>When it stops to work; without: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An API key as an administrator sees it.</summary>
public sealed record ApiKeyView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public string? Tenant { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the minute; null if never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The key itself, in the answer that made it and never again.</summary>
    public string? Key { get; init; }
}

/// <summary>The body of <c>GET /v1/keys</c>, oldest first.</summary>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyView> Keys);
