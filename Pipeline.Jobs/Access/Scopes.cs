namespace Pipeline.Jobs.Access;

/// <summary>What a caller may do.</summary>
public static class Scopes
{
    /// <summary>See jobs and what came of them.</summary>
    public const string Read = "read";

    /// <summary>Submit jobs, and stop, pause and change them. Reads too.</summary>
    public const string Submit = "submit";

    /// <summary>Everything, of everybody: keys, webhooks, Hangfire's own pages.</summary>
    public const string Admin = "admin";

    /// <summary>Scrape <c>/metrics</c>, and nothing else.</summary>
    public const string Metrics = "metrics";

    public static IReadOnlyList<string> All { get; } = [Read, Submit, Admin, Metrics];

    /// <summary>What those scopes allow in all: each of the first three brings those before it, and the last brings metrics.</summary>
    public static IReadOnlySet<string> Expand(IEnumerable<string> scopes)
    {
        var all = scopes.ToHashSet();
        if (all.Contains(Admin))
        {
            all.UnionWith([Submit, Metrics]);
        }

        if (all.Contains(Submit))
        {
            all.Add(Read);
        }

        return all;
    }
}
