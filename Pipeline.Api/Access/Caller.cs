using System.Security.Claims;
using Pipeline.Jobs.Access;
using KnownScopes = Pipeline.Jobs.Access.Scopes;

namespace Pipeline.Api.Access;

/// <summary>Who calls, in claims of our own: tokens of issuers are put into these words first.</summary>
/// <param name="Id">Of the key, or the subject of the token.</param>
/// <param name="Name">For people.</param>
/// <param name="Scopes">With all that they bring.</param>
/// <param name="Tenant">Whose jobs; null: everybody's.</param>
internal sealed record Caller(string Id, string Name, IReadOnlySet<string> Scopes, string? Tenant)
{
    private const string IdClaim = "pipeline_id", NameClaim = "pipeline_name", ScopeClaim = "pipeline_scope", TenantClaim = "pipeline_tenant";

    public const string TokenPrefix = "token:";

    /// <summary>Whoever is on this machine, where nobody is asked.</summary>
    public static Caller Local { get; } = new("local", "this machine", KnownScopes.Expand([KnownScopes.Admin]), null);

    public static Caller Of(ApiKeyView key) => new(key.Id, key.Name, KnownScopes.Expand(key.Scopes), key.Tenant);

    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(IdClaim) ?? "",
        user.FindFirstValue(NameClaim) ?? "",
        user.FindAll(ScopeClaim).Select(claim => claim.Value).ToHashSet(),
        user.FindFirstValue(TenantClaim));

    /// <summary>It came with an issuer's token, whose end ends its cookie too.</summary>
    public bool IsOfToken => Id.StartsWith(TokenPrefix, StringComparison.Ordinal);

    public bool May(string scope) => Scopes.Contains(scope);

    /// <summary>The only tenant whose jobs it sees; null: everybody's.</summary>
    public string? SeenTenant => May(KnownScopes.Admin) ? null : Tenant;

    /// <summary>Jobs of other tenants are none to this one.</summary>
    public bool Sees(string? tenant) => SeenTenant is null || SeenTenant == tenant;

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new(IdClaim, Id),
            new(NameClaim, Name),
            .. Scopes.Select(scope => new Claim(ScopeClaim, scope)),
            .. Tenant is null ? Array.Empty<Claim>() : [new(TenantClaim, Tenant)],
        ], scheme, NameClaim, ScopeClaim));
}
