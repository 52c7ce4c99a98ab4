using System.CommandLine;
using System.CommandLine.Invocation;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Display;

namespace Pipeline.Portable;

/// <summary>The <c>dragonfly-bench</c> command: those verbs of <c>pipeline</c> that need a model and nothing else.</summary>
internal static class PortableCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var terminal = Terminal.Standard();
        var parsed = Create(terminal).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            terminal.Fail([.. parsed.Errors.Select(error => error.Message), "'dragonfly-bench --help' says what can be written."]);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (CommandException e)
        {
            terminal.Fail(e.Lines);
            return e.ExitCode;
        }
        catch (Exception e) when (Find(e) is { } unfit)
        {
            terminal.Fail([unfit.Message]);
            return CheckCommand.Unfit;
        }
    }

    private static RootCommand Create(Terminal terminal) => new("Times and verifies the Dragonfly engine on a libtorch that is given: ./run calls it.")
    {
        CheckCommand.Create(terminal),
        new Command("bench", "Measure speed on this machine.") { BenchEngineCommand.Create(terminal) },
        VerifyCommand.Create(terminal),
        ModelCommand.Create(terminal),
        DrawCommand.Create(),
    };

    /// <summary>Static constructors wrap what they throw.</summary>
    private static DllNotFoundException? Find(Exception? e) => e is null or DllNotFoundException ? e as DllNotFoundException : Find(e.InnerException);
}
