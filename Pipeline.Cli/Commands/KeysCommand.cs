using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Display;
using Pipeline.Jobs.Access;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline keys</c>: API keys of a running server, asked for with a key that has the scope admin.</summary>
internal static class KeysCommand
{
    public static Command Create(Terminal terminal) =>
        new("keys", "Make, list, replace and revoke API keys of a server. Needs a key with the scope admin, such as the server's PIPELINE_AUTH__ADMINKEY.")
        {
            CreateCreate(terminal), CreateList(terminal), CreateRotate(terminal), CreateRevoke(terminal),
        };

    private static Command CreateCreate(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Whose or what for." };
        var scopes = new Option<string[]>("--scope", "-s")
        {
            Description = $"What it may do: {string.Join(", ", Scopes.All)}; may be given several times. submit brings read, and admin everything.",
            HelpName = "SCOPE",
            Required = true,
        };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var tenant = new Option<string?>("--tenant") { Description = "Whose jobs it is about. Default: everybody's.", HelpName = "TENANT" };
        var days = new Option<int?>("--days") { Description = "Days until it expires. Default: never.", HelpName = "N" };
        return AdminVerb.Create(new Command("create", "Make a key and print it, this once.") { name, scopes, tenant, days }, async (parsed, api, cancellationToken) => Show(terminal, await api.CreateKeyAsync(
            new ApiKeyRequest
            {
                Name = parsed.GetRequiredValue(name),
                Scopes = parsed.GetValue(scopes),
                Tenant = parsed.GetValue(tenant),
                ExpiresAt = parsed.GetValue(days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : null,
            },
            cancellationToken)));
    }

    private static Command CreateRotate(Terminal terminal)
    {
        var id = Id();
        return AdminVerb.Create(new Command("rotate", "Make another key like one, which still works for a day, and print it, this once.") { id }, async (parsed, api, cancellationToken) =>
            Show(terminal, await api.RotateKeyAsync(parsed.GetRequiredValue(id), cancellationToken)));
    }

    private static Command CreateRevoke(Terminal terminal)
    {
        var id = Id();
        return AdminVerb.Create(new Command("revoke", "Let a key work no more.") { id }, async (parsed, api, cancellationToken) =>
        {
            await api.RevokeKeyAsync(parsed.GetRequiredValue(id), cancellationToken);
            terminal.Line($"Key {parsed.GetRequiredValue(id)} is revoked: within five seconds nothing takes it any more.");
        });
    }

    private static Command CreateList(Terminal terminal)
    {
        var json = JsonOption.Create();
        return AdminVerb.Create(new Command("list", "List all keys, without their secrets.") { json }, async (parsed, api, cancellationToken) =>
        {
            var keys = await api.ListKeysAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                terminal.Line(JsonSerializer.Serialize(new ApiKeyList(keys), AccessJson.Default.ApiKeyList));
                return;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("id", "name", "scopes", "tenant", "made", "used", "state");
            foreach (var key in keys)
            {
                table.AddRow(
                    key.Id, Markup.Escape(key.Name), string.Join(", ", key.Scopes), key.Tenant ?? "everybody's", Day(key.CreatedAt), key.LastUsedAt is { } used ? Day(used) : "never",
                    key.RevokedAt is { } revoked ? $"revoked {Day(revoked)}" : key.ExpiresAt is { } end ? $"until {Day(end)}" : "works");
            }

            terminal.Out.Write(table);
        });
    }

    private static Argument<string> Id() => new("ID") { Description = "Id of the key, as list prints it." };

    /// <summary>The key on stdout alone, for scripts.</summary>
    private static void Show(Terminal terminal, ApiKeyView key) => terminal.Line(key.Key!);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
