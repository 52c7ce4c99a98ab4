using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Display;
using Pipeline.Cli.Requests;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline check OUTPUT</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Argument<string>("OUTPUT") { Description = "The dataset: a folder, or s3://bucket/prefix." };
        var command = new Command(
            "check",
            "Prove a finished dataset from its bytes: each planned image is one row, each file is the one committed. Exit code 1 if anything is wrong.") { output };
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, parsed.GetRequiredValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string output, CancellationToken cancellationToken)
    {
        using var stores = new ObjectStores(S3Options.From(new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build()), TimeProvider.System);
        DatasetProof proof;
        try
        {
            proof = await new DatasetCheck(stores.Open(JobRequest.Absolute(output))).RunAsync(cancellationToken);
        }
        catch (ObjectLocationException e)
        {
            throw CommandException.Usage(e.Message);
        }

        if (proof.Faults.Count > 0)
        {
            terminal.Fail([.. proof.Faults, $"'{output}' is not proved: {proof.Faults.Count:N0} faults."]);
            return ExitCode.Failure;
        }

        terminal.Line($"{proof.JobId}: {proof.Rows:N0} rows in {proof.Files:N0} files, {proof.FailedRows:N0} of them failures. Each planned image is one row, and each file is the one committed.");
        return ExitCode.Success;
    }
}
