using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Display;
using Pipeline.Jobs.Tenants;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline tenants</c>: what the jobs of each tenant may take, of a running server.</summary>
internal static class TenantsCommand
{
    public static Command Create(Terminal terminal) =>
        new("tenants", "Limit what the jobs of a tenant may take. Needs a key with the scope admin.") { CreateSet(terminal), CreateList(terminal), CreateRemove(terminal) };

    private static Command CreateSet(Terminal terminal)
    {
        var name = Name();
        var jobs = new Option<int?>("--max-active-jobs") { Description = "Most jobs that are not at their end.", HelpName = "N" };
        var images = new Option<long?>("--max-images") { Description = "Most images in such jobs, together.", HelpName = "N" };
        var shards = new Option<int?>("--max-concurrent-shards") { Description = "Most shards under way at a time.", HelpName = "N" };
        var sources = new Option<string[]>("--source") { Description = "A place that its jobs may read, with all inside; may be given several times.", HelpName = "PLACE" };
        var outputs = new Option<string[]>("--output") { Description = "A place that its datasets may be written into; may be given several times.", HelpName = "PLACE" };
        var command = new Command("set", "Set all limits of a tenant: what is not said is not limited.") { name, jobs, images, shards, sources, outputs };
        return AdminVerb.Create(command, async (parsed, api, cancellationToken) =>
            Show(terminal, [await api.SetTenantAsync(
                parsed.GetRequiredValue(name),
                new TenantLimits
                {
                    MaxActiveJobs = parsed.GetValue(jobs),
                    MaxImages = parsed.GetValue(images),
                    MaxConcurrentShards = parsed.GetValue(shards),
                    Sources = parsed.GetResult(sources) is null ? null : parsed.GetValue(sources),
                    Outputs = parsed.GetResult(outputs) is null ? null : parsed.GetValue(outputs),
                },
                cancellationToken)]));
    }

    private static Command CreateList(Terminal terminal)
    {
        var json = JsonOption.Create();
        return AdminVerb.Create(new Command("list", "List tenants with limits, and what they take of them now.") { json }, async (parsed, api, cancellationToken) =>
        {
            var tenants = await api.ListTenantsAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                terminal.Line(JsonSerializer.Serialize(new TenantList(tenants), TenantJson.Default.TenantList));
                return;
            }

            Show(terminal, tenants);
        });
    }

    private static Command CreateRemove(Terminal terminal)
    {
        var name = Name();
        return AdminVerb.Create(new Command("remove", "Take a tenant's limits away.") { name }, async (parsed, api, cancellationToken) =>
        {
            await api.RemoveTenantAsync(parsed.GetRequiredValue(name), cancellationToken);
            terminal.Line($"Nothing limits the tenant {parsed.GetRequiredValue(name)} any more.");
        });
    }

    private static Argument<string> Name() => new("TENANT") { Description = "As keys and tokens name it." };

    private static void Show(Terminal terminal, IReadOnlyList<TenantView> tenants)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("tenant", "jobs", "images", "shards", "sources", "outputs");
        foreach (var tenant in tenants)
        {
            var limits = tenant.Limits;
            table.AddRow(
                tenant.Tenant, Of(tenant.ActiveJobs, limits.MaxActiveJobs), Of(tenant.Images, limits.MaxImages), Of(null, limits.MaxConcurrentShards), Places(limits.Sources), Places(limits.Outputs));
        }

        terminal.Out.Write(table);
    }

    private static string Of(long? taken, long? most) => string.Create(CultureInfo.InvariantCulture, $"{(taken is null ? "" : $"{taken:N0} of ")}{(most is { } limit ? $"{limit:N0}" : "any")}");

    private static string Places(IReadOnlyList<string>? places) => places is null ? "anywhere" : places.Count == 0 ? "nowhere" : Markup.Escape(string.Join("\n", places));
}
