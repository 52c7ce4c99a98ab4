namespace Pipeline.Jobs.Scheduling;

/// <summary>
/// Divides free places between jobs: start-time fair queueing (Goyal, Vin, Cheng 1996). Over any stretch in which two jobs wait, the rows they are
/// served stand as their weights, so nobody starves; and a job that comes new is next, however much the others wait for.
/// </summary>
internal static class FairShare
{
    /// <summary>A job whose shards fail and wait for their next try gets no further ones beyond this many: its source is down, and more would only fail too.</summary>
    private const int MostRetrying = 4;

    /// <summary>Which shards begin, in order.</summary>
    /// <param name="claims">Jobs in progress, oldest first.</param>
    /// <param name="places">What is free.</param>
    /// <param name="clock">Where the last grants of any job began.</param>
    /// <param name="rooms">How many more shards a tenant's jobs may have under way; tenants that are not in it may have any number.</param>
    public static IReadOnlyList<Grant> Divide(IReadOnlyList<Claim> claims, Places places, double clock, IReadOnlyDictionary<string, int>? rooms = null)
    {
        var waiting = claims.ToDictionary(claim => claim.JobId);
        var room = rooms?.ToDictionary() ?? [];
        var grants = new List<Grant>();
        var express = places.Express;
        foreach (var urgent in claims.Where(claim => claim.CanBegin && IsUrgent(claim, claims, places)).OrderByDescending(claim => claim.Priority))
        {
            if (express > 0 && HasRoom(urgent))
            {
                Serve(urgent, isExpress: true);
                express--;
            }
        }

        for (var free = places.Regular; free > 0 && Next() is { } next; free--)
        {
            Serve(next, isExpress: false);
        }

        return grants;

        bool HasRoom(Claim claim) => claim.Tenant is null || !room.TryGetValue(claim.Tenant, out var left) || left > 0;

        Claim? Next() => waiting.Values.Where(claim => claim.CanBegin && HasRoom(claim))
            .OrderBy(claim => Math.Max(claim.Served, clock))
            .ThenByDescending(claim => claim.Priority)
            .ThenBy(claim => claim.Age)
            .FirstOrDefault();

        void Serve(Claim claim, bool isExpress)
        {
            clock = Math.Max(claim.Served, clock);
            var served = clock + (claim.RowsPerShard / claim.Weight);
            waiting[claim.JobId] = claim with { Served = served, Waiting = claim.Waiting - 1, Taken = claim.Taken + 1 };
            if (claim.Tenant is { } tenant && room.TryGetValue(tenant, out var left))
            {
                room[tenant] = left - 1;
            }

            grants.Add(new Grant(claim.JobId, isExpress, served, clock));
        }
    }

    /// <summary>Each step of priority doubles it; 1 for the usual one.</summary>
    public static double WeightOf(int priority) => Math.Pow(2, priority - Specs.ScheduleSpec.DefaultPriority);

    /// <summary>It has nothing under way, no worker is free for it, and lesser ones hold them.</summary>
    private static bool IsUrgent(Claim claim, IReadOnlyList<Claim> claims, Places places) =>
        claim.Taken == 0 && !places.AnyIdle && claims.Any(other => other.Taken > 0 && other.Priority < claim.Priority);

    /// <summary>A job that wants places.</summary>
    public sealed record Claim
    {
        public required string JobId { get; init; }
        public required int Priority { get; init; }

        /// <summary>Place among the claims, the oldest first.</summary>
        public int Age { get; init; }

        /// <summary>Rows by weight, counted on the clock of all jobs.</summary>
        public double Served { get; init; }

        public required double RowsPerShard { get; init; }

        /// <summary>Shards that wait for a place.</summary>
        public required long Waiting { get; init; }

        /// <summary>Shards that have one.</summary>
        public int Taken { get; init; }

        /// <summary>Of <see cref="Taken"/>, those that failed and wait for their next try.</summary>
        public int Retrying { get; init; }

        /// <summary>Most that may be taken; null: any number.</summary>
        public int? Limit { get; init; }

        /// <summary>Whose; null: nobody's in particular.</summary>
        public string? Tenant { get; init; }

        public double Weight => WeightOf(Priority);

        public bool CanBegin => Waiting > 0 && Retrying < MostRetrying && !(Taken >= Limit);
    }

    /// <summary>What may be enqueued now.</summary>
    /// <param name="Regular">Shards for the workers that take any.</param>
    /// <param name="Express">Shards for the workers that are kept for urgent jobs.</param>
    /// <param name="AnyIdle">Whether a regular worker has nothing to do.</param>
    public readonly record struct Places(int Regular, int Express, bool AnyIdle);

    /// <summary>The next shard of a job begins.</summary>
    /// <param name="JobId">The job.</param>
    /// <param name="IsExpress">On a worker that is kept for urgent jobs.</param>
    /// <param name="Served">The job's count after it.</param>
    /// <param name="Clock">The clock after it.</param>
    public readonly record struct Grant(string JobId, bool IsExpress, double Served, double Clock);
}
