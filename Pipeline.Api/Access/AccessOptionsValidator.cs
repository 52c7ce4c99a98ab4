using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        string[] faults =
        [
            .. If(options.AdminKey is { Length: > 0 and < AccessOptions.ShortestAdminKey },
                $"Auth:AdminKey has {options.AdminKey?.Length} characters: use at least {AccessOptions.ShortestAdminKey}, for example from \"openssl rand -hex 32\"."),
            .. If(options.MetricsToken is { Length: > 0 and < AccessOptions.ShortestAdminKey },
                $"Auth:MetricsToken has {options.MetricsToken?.Length} characters: use at least {AccessOptions.ShortestAdminKey}, for example from \"openssl rand -hex 32\"."),
            .. If(!string.IsNullOrEmpty(options.Authority) && (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || !(authority.Scheme == "https" || (authority.Scheme == "http" && authority.IsLoopback))),
                $"Auth:Authority is \"{options.Authority}\": name the issuer's https URL."),
            .. If(!string.IsNullOrEmpty(options.Authority) && string.IsNullOrEmpty(options.Audience),
                "Auth:Audience is empty, and tokens for any other service of the issuer would be taken: name this service's audience."),
            .. options.ScopeNames.Keys.Where(scope => !Scopes.All.Contains(scope)).Select(scope => $"Auth:ScopeNames:{scope} is no scope: use {string.Join(", ", Scopes.All)}."),
            .. If(options.SessionLifetime < TimeSpan.FromMinutes(5) || options.SessionLifetime > TimeSpan.FromDays(30), $"Auth:SessionLifetime is {options.SessionLifetime}: use 0:05 to 30.00:00."),
            .. If(options.Required is false && (!string.IsNullOrEmpty(options.AdminKey) || !string.IsNullOrEmpty(options.Authority)),
                "Auth:Required is false, but Auth:AdminKey or Auth:Authority is set: leave one or the other out."),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string[] If(bool isWrong, string fault) => isWrong ? [fault] : [];
}
