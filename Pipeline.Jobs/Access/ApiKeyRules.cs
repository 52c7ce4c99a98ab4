namespace Pipeline.Jobs.Access;

/// <summary>Judges what a key is asked to be.</summary>
public static class ApiKeyRules
{
    private const int LongestName = 100, LongestTenant = 40;

    /// <summary>Everything that is wrong; empty if nothing is.</summary>
    public static IReadOnlyList<string> Faults(ApiKeyRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scopes = request.Scopes ?? [];
        return
        [
            .. If(request.Name is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl),
                $"name is \"{request.Name}\": write 1 to {LongestName} characters without control characters, which say whose key it is."),
            .. If(scopes.Count == 0, $"scopes is empty: name at least one of {string.Join(", ", Scopes.All)}."),
            .. scopes.Where(scope => !Scopes.All.Contains(scope)).Select(scope => $"The scope \"{scope}\" is not known: use {string.Join(", ", Scopes.All)}."),
            .. If(request.Tenant is not null && !IsTenant(request.Tenant), $"tenant is \"{request.Tenant}\": use 1 to {LongestTenant} lower-case letters, digits, - and _."),
            .. If(request.Tenant is not null && scopes.Any(scope => scope is Scopes.Admin or Scopes.Metrics),
                $"A key of tenant \"{request.Tenant}\" cannot have the scopes admin and metrics, which are about everybody's jobs: leave one or the other out."),
            .. If(request.ExpiresAt <= now, $"expires_at is {request.ExpiresAt:O}, which is past: name a later time, or leave it out."),
        ];
    }

    public static bool IsTenant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= LongestTenant && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');
    }

    private static string[] If(bool isWrong, string fault) => isWrong ? [fault] : [];
}
