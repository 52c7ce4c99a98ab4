using System.CommandLine;
using Pipeline.Cli.Client;

namespace Pipeline.Cli.Commands;

/// <summary><c>--server URL</c>, of the verbs that are a client of a running server.</summary>
internal sealed class ServerOption
{
    public const string DefaultServer = "http://127.0.0.1:5080";
    public const string KeyVariable = "PIPELINE_API_KEY";
    private const string Variable = "PIPELINE_SERVER";

    public Option<string> Option { get; } = new("--server")
    {
        Description = $"URL of the server. Default: {Variable}, or {DefaultServer}.",
        HelpName = "URL",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : DefaultServer,
    };

    /// <summary>A key on a command line is seen by everybody on the machine; the variable is not.</summary>
    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"API key, where the server asks for one. Better: {KeyVariable}, which no list of processes shows.",
        HelpName = "KEY",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null,
    };

    public void AddTo(Command command)
    {
        command.Add(Option);
        command.Add(Key);
    }

    /// <exception cref="CommandException">It is no URL.</exception>
    public ApiClient Connect(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Option);
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new ApiClient(url, parsed.GetValue(Key))
            : throw CommandException.Usage($"--server: '{text}' is no http or https URL: write for example {DefaultServer}.");
    }
}
