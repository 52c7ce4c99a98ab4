using System.Globalization;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>Which jobs the list shows, in which order: what stands in its address, so that it can be sent to others and survives going back.</summary>
internal sealed record JobListQuery
{
    public const int PageSize = 25;

    public static readonly IReadOnlyDictionary<string, Func<JobView, IComparable?>> Orders = new Dictionary<string, Func<JobView, IComparable?>>
    {
        ["submitted"] = job => job.CreatedAt,
        ["state"] = job => job.State,
        ["images"] = job => job.Images.Total ?? 0,
        ["failed"] = job => job.Images.Failed,
        ["rate"] = job => job.State.IsTerminal() ? 0 : job.ImagesPerSecond ?? 0,
        ["left"] = job => job.State.IsTerminal() ? double.MaxValue : job.EtaSeconds ?? double.MaxValue,
        ["priority"] = job => job.Schedule.Priority,
    };

    /// <summary>Found in id, source, output, model or error, whatever the case; empty: all.</summary>
    public string Search { get; init; } = "";

    public JobState? State { get; init; }

    /// <summary>One of <see cref="Orders"/>.</summary>
    public string Sort { get; init; } = "submitted";

    public bool Ascending { get; init; }

    /// <summary>From 1 on.</summary>
    public int Page { get; init; } = 1;

    /// <summary>What makes no sense is left out: an address is no form.</summary>
    public static JobListQuery Of(IQueryCollection query) => new()
    {
        Search = query["search"].ToString().Trim(),
        State = Enum.GetValues<JobState>().Cast<JobState?>().FirstOrDefault(state => JobJson.NameOf(state!.Value) == query["state"].ToString()),
        Sort = Orders.ContainsKey(query["sort"].ToString()) ? query["sort"].ToString() : "submitted",
        Ascending = query["order"].ToString() is "asc",
        Page = int.TryParse(query["page"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, 1_000_000) : 1,
    };

    public string ToQuery() => QueryString.Create(new Dictionary<string, string?>
    {
        ["search"] = Search,
        ["state"] = State is { } state ? JobJson.NameOf(state) : "",
        ["sort"] = Sort,
        ["order"] = Ascending ? "asc" : "desc",
        ["page"] = Page.ToString(CultureInfo.InvariantCulture),
    }).ToString();

    /// <returns>Jobs of the page, and how many there are on all pages.</returns>
    public (IReadOnlyList<JobView> Jobs, int Found) Apply(IReadOnlyCollection<JobView> all)
    {
        var found = all.Where(job => (State is null || job.State == State) && (Search.Length == 0 || Mentions(job))).ToList();
        var key = Orders[Sort];
        var ordered = Ascending ? found.OrderBy(key) : found.OrderByDescending(key);
        return ([.. ordered.ThenByDescending(job => job.CreatedAt).ThenBy(job => job.Id, StringComparer.Ordinal).Skip((Page - 1) * PageSize).Take(PageSize)], found.Count);
    }

    private bool Mentions(JobView job) => ((string?[])[job.Id, job.Spec.Source, job.Spec.Output, job.Spec.Model, job.Error])
        .Any(text => text?.Contains(Search, StringComparison.OrdinalIgnoreCase) is true);
}
