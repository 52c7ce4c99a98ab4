using System.CommandLine;
using Pipeline.Cli.Display;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline evaluate</c>: how good a model's answers are.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("evaluate", "Measure how good a model's answers are.") { EvaluateScenesCommand.Create(terminal), EvaluateTableCommand.Create(terminal) };
        foreach (var benchmark in Benchmark.All)
        {
            command.Add(EvaluateBenchmarkCommand.Create(terminal, benchmark));
        }

        return command;
    }
}
