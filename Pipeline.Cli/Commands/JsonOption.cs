using System.CommandLine;

namespace Pipeline.Cli.Commands;

internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print the API's JSON, for scripts." };
}
