using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>A server that asks who calls, and people who show it their keys.</summary>
public sealed class KeysTests
{
    private const string AdminKey = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Keys_are_made_shown_used_replaced_and_revoked()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 3);
        await using var server = PipelineProcess.Start(folder.Path, new() { ["PIPELINE_AUTH__ADMINKEY"] = AdminKey }, "serve", "--urls", "http://127.0.0.1:0");
        await server.UntilAsync(() => server.Output.Contains("Ctrl-C stops.", StringComparison.Ordinal));
        var url = new Uri(server.Output.Split('\n').First(line => line.StartsWith("Dashboard", StringComparison.Ordinal)).Split(' ')[^1]).GetLeftPart(UriPartial.Authority);
        File.WriteAllText(folder["spec.json"], new JsonObject
        {
            ["source"] = folder["in"],
            ["output"] = folder["out"],
            ["model"] = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
            ["questions"] = new JsonArray(new JsonObject { ["id"] = "red", ["text"] = "Is it red?", ["kind"] = "yes-no" }),
        }.ToJsonString());
        Task<PipelineProcess> CallAsync(string? key, params string[] arguments) => PipelineProcess.RunWithAsync(
            folder.Path, key is null ? [] : new() { ["PIPELINE_API_KEY"] = key }, [.. arguments, "--server", url]);

        await using var stranger = await CallAsync(null, "list");
        stranger.AssertExit(1);
        Assert.Contains("PIPELINE_API_KEY", Assert.Single(stranger.ErrorLines), StringComparison.Ordinal);

        await using var made = await CallAsync(AdminKey, "keys", "create", "label team", "--scope", "submit", "--tenant", "labels", "--days", "90");
        made.AssertExit(0);
        var key = made.Output.Trim();
        Assert.StartsWith("dfp_", key, StringComparison.Ordinal);

        await using var limited = await CallAsync(AdminKey, "tenants", "set", "labels", "--max-active-jobs", "0", "--source", folder["in"]);
        limited.AssertExit(0);
        await using var tooMany = await CallAsync(key, "submit", "spec.json");
        tooMany.AssertExit(1);
        Assert.Contains("may have 0", Assert.Single(tooMany.ErrorLines), StringComparison.Ordinal);
        await using var tenants = await CallAsync(AdminKey, "tenants", "list", "--json");
        Assert.Equal(folder["in"], JsonNode.Parse(tenants.Output)!["tenants"]![0]!["limits"]!["sources"]![0]!.GetValue<string>());
        await using var unlimited = await CallAsync(AdminKey, "tenants", "remove", "labels");
        unlimited.AssertExit(0);
        await using var submitted = await CallAsync(null, "submit", "spec.json", "--watch", "--key", key);
        submitted.AssertExit(0);
        Assert.Equal(3, Dataset.Ids(folder["out"]).Count);
        await using var above = await CallAsync(key, "keys", "list");
        above.AssertExit(1);
        Assert.Contains("scopes read, submit", Assert.Single(above.ErrorLines), StringComparison.Ordinal);
        await using var mistaken = await CallAsync(AdminKey, "keys", "create", "x", "--scope", "write");
        mistaken.AssertExit(2);
        Assert.Contains("'write'", mistaken.Error, StringComparison.Ordinal);

        await using var listed = await CallAsync(AdminKey, "keys", "list", "--json");
        var known = Assert.Single(JsonNode.Parse(listed.Output)!["keys"]!.AsArray())!;
        Assert.Equal("label team", known["name"]!.GetValue<string>());
        var id = known["id"]!.GetValue<string>();
        await using var rotated = await CallAsync(AdminKey, "keys", "rotate", id);
        await using var revoked = await CallAsync(AdminKey, "keys", "revoke", id);
        revoked.AssertExit(0);
        await using var unknown = await CallAsync(AdminKey, "keys", "revoke", "no-key");
        unknown.AssertExit(1);
        Assert.Contains("\"no-key\"", Assert.Single(unknown.ErrorLines), StringComparison.Ordinal);
        await using var mistyped = await CallAsync(key[..^1] + "x", "list");
        mistyped.AssertExit(1);
        Assert.Contains("does not know the API key", Assert.Single(mistyped.ErrorLines), StringComparison.Ordinal);
        await using var next = await CallAsync(rotated.Output.Trim(), "list");
        next.AssertExit(0);

        Assert.Contains("\"label team\" tenant \"labels\" from 127.0.0.1: POST /v1/jobs -> 201 job-", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, server.Output + server.Error, StringComparison.Ordinal);
    }
}
