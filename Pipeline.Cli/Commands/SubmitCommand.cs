using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline submit</c>: a job for a running server, from a file or from options.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("SPEC")
        {
            Description = "JSON file of the whole spec, as POST /v1/jobs takes it; '-' reads stdin. Or leave it out and write options.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var source = new Option<string?>("--source", "-s")
        {
            Description = "Folder of images, read recursively, or a manifest or tar file: local or s3://bucket/prefix. Paths are those of the server.",
            HelpName = "DIR",
        };
        var spec = new SpecOptions();
        var server = new ServerOption();
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow the job until it ends." };
        var key = new Option<string?>("--idempotency-key")
        {
            Description = "Names this request: sent again within a day, it gives the job as it is and continues nothing.",
            HelpName = "KEY",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what the job would do, with the first images' prompts and an estimate, and start nothing." };
        var json = JsonOption.Create();
        var command = new Command("submit", "Submit a job to a running server, or continue one that failed or was cancelled.") { file, source };
        spec.AddTo(command);
        server.AddTo(command);
        command.Add(watch);
        command.Add(key);
        command.Add(dryRun);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(file);
            var body = path is null
                ? spec.Request(parsed, parsed.GetValue(source) ?? "").ToJson()
                : await ReadAsync(path, [.. spec.Given(parsed), .. parsed.GetValue(source) is null ? Array.Empty<string>() : ["--source"]], cancellationToken);
            using var api = server.Connect(parsed);
            if (parsed.GetValue(dryRun))
            {
                DryRunOutput.Show(terminal, await AskAsync(path, () => api.DryRunAsync(body, cancellationToken)), parsed.GetValue(json));
                return ExitCode.Success;
            }

            var job = await AskAsync(path, () => api.SubmitAsync(body, parsed.GetValue(key), cancellationToken));
            return await JobOutput.ShowAsync(terminal, api, job, parsed.GetValue(watch), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<T> AskAsync<T>(string? path, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ApiException refusal)
        {
            throw path is null ? Refusals.OfOptions(refusal) : Refusals.OfFile(refusal, path == "-" ? "the spec" : path);
        }
    }

    private static async Task<string> ReadAsync(string path, IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        if (others.Count > 0)
        {
            throw CommandException.Usage($"The spec comes from '{path}', so {string.Join(", ", others)} has no place: write it in the file, or leave the file out.");
        }

        try
        {
            var text = path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException e)
        {
            throw CommandException.Usage($"'{path}' is no JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"'{path}' cannot be read ({e.Message}): give the JSON file of a spec.");
        }
    }
}
