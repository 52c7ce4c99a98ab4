namespace Pipeline.Jobs.Tenants;

/// <summary>What the jobs of a tenant may take: the body of <c>PUT /v1/tenants/{tenant}</c>. What is not said is not limited.</summary>
public sealed record TenantLimits
{
    /// <summary>Most jobs that are not at their end, paused ones too: 0 to 100,000.</summary>
    public int? MaxActiveJobs { get; init; }

    /// <summary>Most images in such jobs, together: 0 or more. A job that would be one too many fails when it is planned.</summary>
    public long? MaxImages { get; init; }

    /// <summary>Most shards under way at a time, of all its jobs together: 1 to 100,000. Others wait.</summary>
    public int? MaxConcurrentShards { get; init; }

    /// <summary>Folders and files that its jobs may read, and all inside them: <c>s3://bucket/prefix</c> or an absolute path; at most 100. Outputs may be read too.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>Folders that its datasets may be written into, and all inside them; at most 100.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>All places that a job of the tenant may use, which is what it keeps; null: everywhere.</summary>
    internal IReadOnlyList<string>? PlacesFor(string output) => Sources is null ? null : [.. Sources, .. Outputs ?? [output]];
}

/// <summary>A tenant that has limits, and what it takes of them now.</summary>
/// <param name="Tenant">As keys and tokens name it.</param>
/// <param name="Limits">Set by an administrator.</param>
/// <param name="ActiveJobs">Jobs that are not at their end.</param>
/// <param name="Images">In those of them that are planned.</param>
public sealed record TenantView(string Tenant, TenantLimits Limits, int ActiveJobs, long Images);

/// <summary>The body of <c>GET /v1/tenants</c>.</summary>
/// <param name="Tenants">Those with limits, by name.</param>
public sealed record TenantList(IReadOnlyList<TenantView> Tenants);
