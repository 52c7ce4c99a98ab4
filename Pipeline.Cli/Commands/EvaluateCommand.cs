using System.CommandLine;
using Pipeline.Cli.Display;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline evaluate</c>: how good a model's answers are.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal) =>
        new("evaluate", "Measure how good a model's answers are.") { EvaluateScenesCommand.Create(terminal) };
}
