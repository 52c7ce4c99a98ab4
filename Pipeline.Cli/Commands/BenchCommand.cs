using System.CommandLine;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline bench</c>: what this machine does with a model's geometry.</summary>
internal static class BenchCommand
{
    public static Command Create(Terminal terminal) =>
        new("bench", "Measure speed on this machine.") { BenchEngineCommand.Create(terminal) };
}
