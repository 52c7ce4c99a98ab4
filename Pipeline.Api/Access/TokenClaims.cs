using System.Security.Claims;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

/// <summary>An issuer's token in our words.</summary>
internal sealed class TokenClaims(IOptions<AccessOptions> options)
{
    /// <summary>Null if the token says nothing of a tenant, and must.</summary>
    public Caller? Read(ClaimsPrincipal token)
    {
        var settings = options.Value;
        var said = token.FindAll(settings.ScopeClaim).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        var scopes = Scopes.Expand(Scopes.All.Where(scope => said.Contains(settings.ScopeNames.GetValueOrDefault(scope, $"pipeline:{scope}"))));
        var tenant = settings.TenantClaim is { Length: > 0 } claim ? token.FindFirstValue(claim) : null;
        var mustSay = !string.IsNullOrEmpty(settings.TenantClaim) && !scopes.Contains(Scopes.Admin);
        var id = token.FindFirstValue("sub") ?? token.FindFirstValue("client_id") ?? token.FindFirstValue("azp");
        return id is null || (mustSay ? tenant is null || !ApiKeyRules.IsTenant(tenant) : tenant is not null && !ApiKeyRules.IsTenant(tenant))
            ? null
            : new Caller(Caller.TokenPrefix + id, token.FindFirstValue("preferred_username") ?? token.FindFirstValue("email") ?? id, scopes, tenant);
    }
}
