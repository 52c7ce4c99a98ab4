using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Options;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Commands;

/// <summary>The <c>pipeline</c> command: its verbs, and how errors become lines and exit codes.</summary>
internal static class PipelineCommand
{
    /// <summary>Longest that a stopped verb may take to hand its work back before the process ends anyway.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Write the log of the server and the worker to stderr; without it, warnings and errors alone.",
        Recursive = true,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var terminal = Terminal.Standard();
        var parsed = Create(terminal).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            terminal.Fail([.. parsed.Errors.Select(error => error.Message), "'pipeline --help' and 'pipeline VERB --help' say what can be written."]);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_patience });
        }
        catch (CommandException e)
        {
            terminal.Fail(e.Lines);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (IsOfSettings(e))
        {
            terminal.Fail([e.Message]);
            return ExitCode.Failure;
        }
        catch (Exception e) when (!parsed.GetValue(Verbose))
        {
            terminal.Fail([$"An error that should not be: {e.GetType().Name}: {e.Message}", "The same command with --verbose shows where."]);
            return ExitCode.Failure;
        }
    }

    private static RootCommand Create(Terminal terminal) =>
        new("""
            Turns a collection of images into a Parquet dataset of captions and labels, made by a Dragonfly model on your own machines.

            Every image ends as one row: an annotation, or a failure with a code and a reason.
            Exit codes: 0 done, also if images failed (the report lists them); 1 the job failed, or a server or file can't be used;
            2 the command line or the job is wrong, and nothing was started; 130 stopped.
            demo, annotate and serve keep jobs in memory, unless PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE
            name a database (the demo never uses one). For s3:// places set PIPELINE_S3__ENDPOINT, PIPELINE_S3__ACCESSKEY and
            PIPELINE_S3__SECRETKEY, or the usual AWS settings.
            """)
        {
            Verbose,
            DemoCommand.Create(terminal),
            AnnotateCommand.Create(terminal),
            ServeCommand.Create(terminal),
            SubmitCommand.Create(terminal),
            StatusCommand.Create(terminal),
            ListCommand.Create(terminal),
            CancelCommand.Create(terminal),
            PauseCommands.CreatePause(terminal),
            PauseCommands.CreateResume(terminal),
            ScheduleCommand.Create(terminal),
            RetryCommand.Create(terminal),
            KeysCommand.Create(terminal),
            TenantsCommand.Create(terminal),
            ManifestCommand.Create(terminal),
            CheckCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            InspectCommand.Create(terminal),
            ExportCommand.Create(terminal),
            ModelCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            BenchCommand.Create(terminal),
        };

    /// <summary>Their messages say which setting to mend.</summary>
    private static bool IsOfSettings(Exception e) =>
        e is StorageException or OptionsValidationException or ObjectStoreException or FormatException or DllNotFoundException;
}
