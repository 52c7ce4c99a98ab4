using System.CommandLine;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench</c>: what this machine does.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("bench", "Measure speed on this machine.") { BenchEngineCommand.Create(terminal), BenchPipelineCommand.Create(terminal), BenchWatchCommand.Create(terminal), BenchLoadCommand.Create(terminal), BenchEtaCommand.Create(terminal) };
        foreach (var part in BenchPartCommands.Create())
        {
            command.Add(part);
        }

        return command;
    }
}
