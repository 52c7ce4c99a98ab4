using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Rows;

/// <summary>Reads what was written with hyparquet, in Node.js.</summary>
internal static class JavaScriptReader
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "readers");

    /// <summary><c>{"metadata": {…}, "rows": [{…}]}</c>, bytes in base64.</summary>
    public static async Task<JsonNode> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(s_folder, "node_modules", "hyparquet")))
        {
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], cancellationToken);
        }

        return JsonNode.Parse(await RunAsync("node", ["rows.mjs", path], cancellationToken))!;
    }

    private static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = s_folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return output;
    }
}
