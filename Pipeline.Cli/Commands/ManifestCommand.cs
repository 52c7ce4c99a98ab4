using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Display;
using Pipeline.Cli.Requests;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline manifest OUTPUT</c>.</summary>
internal static class ManifestCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Argument<string>("OUTPUT") { Description = "The --output of a job, running or done: a folder, or s3://bucket/prefix." };
        var command = new Command(
            "manifest",
            "Print as JSON which files of a dataset are committed, also while its job runs. What it names is whole and stays as it is; rows is planned_rows once all is there.") { output };
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, parsed.GetRequiredValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string output, CancellationToken cancellationToken)
    {
        using var stores = new ObjectStores(S3Options.From(new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build()), TimeProvider.System);
        try
        {
            var manifest = await new DatasetReader(stores.Open(JobRequest.Absolute(output))).FindCommittedAsync(cancellationToken)
                ?? throw CommandException.Failure($"'{output}' holds no dataset and no plan of one: name the --output of a job, or wait until it is planned.");
            terminal.Line(manifest.ToJson());
            return ExitCode.Success;
        }
        catch (ObjectLocationException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }
}
