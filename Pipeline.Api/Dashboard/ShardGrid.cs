using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>A cell a shard, coloured by its phase; of many shards, a cell for several, in the colour of what most wants to be looked at.</summary>
internal static class ShardGrid
{
    private const int MostCells = 1_000;

    /// <summary>What most wants to be looked at stands first.</summary>
    private static readonly ShardPhase[] s_phases = [ShardPhase.Failed, ShardPhase.Running, ShardPhase.Pending, ShardPhase.Committed];

    /// <param name="shards">In order.</param>
    /// <param name="tickets">Hangfire's jobs of those that have one.</param>
    /// <param name="urlOf">Of a Hangfire job.</param>
    public static string Of(IReadOnlyList<ShardStatus> shards, IReadOnlyDictionary<int, string> tickets, Func<string, string> urlOf)
    {
        if (shards.Count == 0)
        {
            return "<p class=\"text-muted\">Nothing is planned yet.</p>";
        }

        var each = (shards.Count + MostCells - 1) / MostCells;
        var legend = string.Join(" · ", s_phases.Select(phase => (Phase: phase, Count: shards.Count(shard => shard.Phase == phase))).Where(count => count.Count > 0)
            .Select(count => $"<span class=\"pipeline-cell pipeline-{Name(count.Phase)}\"></span> {Markup.Count(count.Count)} {Name(count.Phase)}"));
        var cells = shards.Chunk(each).Select(chunk => Cell(chunk, tickets, urlOf));
        return $"<p>{legend}{(each == 1 ? "" : $" <small class=\"text-muted\">a cell is {each} shards</small>")}</p><ul class=\"pipeline-grid\" aria-label=\"Shards\">{string.Concat(cells)}</ul>";
    }

    private static string Cell(ShardStatus[] chunk, IReadOnlyDictionary<int, string> tickets, Func<string, string> urlOf)
    {
        var shown = chunk.MinBy(shard => Array.IndexOf(s_phases, shard.Phase))!;
        var name = chunk.Length == 1 ? $"Shard {shown.Shard}: {Words(shown)}" : $"Shards {chunk[0].Shard} to {chunk[^1].Shard}, of which {shown.Shard}: {Words(shown)}";
        var colour = $"class=\"pipeline-cell pipeline-{Name(shown.Phase)}\" title=\"{Markup.Text(name)}\"";
        return tickets.TryGetValue(shown.Shard, out var ticket)
            ? $"<li><a href=\"{urlOf(ticket)}\" {colour}><span class=\"sr-only\">{Markup.Text(name)}</span></a></li>"
            : $"<li><span {colour}><span class=\"sr-only\">{Markup.Text(name)}</span></span></li>";
    }

    public static string Words(ShardStatus shard) =>
        $"{Name(shard.Phase)}, {Markup.Count(shard.Done)} of {Markup.Count(shard.Rows)} rows, {Markup.Count(shard.FailedRows)} failed, attempt {shard.Attempt}"
        + (shard.Worker is { } worker ? $", {worker}" : "") + (shard.Error is { } error ? $": {error}" : "");

    private static string Name(ShardPhase phase) => phase.ToString().ToLowerInvariant();
}
