using System.ComponentModel.DataAnnotations;

namespace Pipeline.Api.Access;

/// <summary>Who may call, in the section <c>Auth</c> (<c>PIPELINE_AUTH__…</c>).</summary>
public sealed class AccessOptions
{
    public const string Section = "Auth";

    /// <summary>Least characters of <see cref="AdminKey"/>.</summary>
    internal const int ShortestAdminKey = 32;

    /// <summary>A key with all scopes that is not in the storage, to make the others with: at least 32 characters, for example of <c>openssl rand -hex 32</c>.</summary>
    public string? AdminKey { get; set; }

    /// <summary>What Prometheus shows at <c>/metrics</c>, of the API and of workers, from its bearer token file: at least 32 characters. Keys with the scope metrics work at the API too.</summary>
    public string? MetricsToken { get; set; }

    /// <summary>Callers must say who they are, on loopback too. Without: if <see cref="AdminKey"/> or <see cref="Authority"/> is set, or the storage has a key when the process starts.</summary>
    public bool? Required { get; set; }

    /// <summary>The issuer of OpenID Connect whose tokens are taken: <c>https://login.example.com/realm</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>What a token must be for (its <c>aud</c>).</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that holds scopes or roles: a list, or words separated by spaces. Default: <c>scope</c>.</summary>
    [Required]
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>What the claim says for each scope of ours. Default: <c>pipeline:read</c>, <c>pipeline:submit</c>, <c>pipeline:admin</c>, <c>pipeline:metrics</c>.</summary>
    public Dictionary<string, string> ScopeNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The claim that holds the tenant. With it a token without a tenant is refused, unless it is an administrator's. Without it nobody has a tenant.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>How long somebody who signed in to the dashboard stays so: 5 minutes to 30 days. Default: 12 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A folder for the keys that protect cookies. Default: the job storage.</summary>
    public string? ProtectionFolder { get; set; }
}
