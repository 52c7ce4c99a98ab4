using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Display;
using Pipeline.Model.Native;

namespace Pipeline.Portable;

/// <summary><c>dragonfly-bench check</c>: whether the libtorch that is given can be used at all.</summary>
internal static class CheckCommand
{
    /// <summary>Exit code where it can't.</summary>
    public const int Unfit = 3;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("check", $"Compare the libtorch that {LibtorchFolder.Variable} names with what this program needs of it. Exit code {Unfit} where it doesn't fit.");
        command.SetAction(_ => Run(terminal));
        return command;
    }

    private static int Run(Terminal terminal)
    {
        var check = TorchRuntime.CheckGiven()
            ?? throw CommandException.Usage($"{LibtorchFolder.Variable} is not set: name the folder that holds libtorch_cpu.so.");
        IReadOnlyList<string> report = SymbolReport.Of(check);
        if (!check.Fits)
        {
            terminal.Fail(report);
            return Unfit;
        }

        foreach (var line in report)
        {
            terminal.Line(line);
        }

        return ExitCode.Success;
    }
}
