using Pipeline.Cli.Commands;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Client;

/// <summary>Says a refusal in the words of the command line.</summary>
internal static class Refusals
{
    /// <summary>One line a fault, for a spec that was made from options.</summary>
    public static CommandException OfOptions(ApiException refusal) => Of(refusal, NameOfOption);

    /// <summary>One line a fault, for a spec that came from a file.</summary>
    public static CommandException OfFile(ApiException refusal, string file) =>
        Of(refusal, pointer => pointer.Length == 0 ? file : $"{file}, {pointer}");

    private static CommandException Of(ApiException refusal, Func<string, string> name) => refusal.Faults.Count == 0
        ? CommandException.Failure(refusal.Message, refusal)
        : new CommandException(ExitCode.Usage, [.. refusal.Faults.Select(fault => Line(fault, name))], refusal);

    private static string Line(SpecFault fault, Func<string, string> name) =>
        $"{name(fault.Pointer)}: {fault.Detail.ReplaceLineEndings(" ")}";

    private static string NameOfOption(string pointer) => pointer.Split('/') switch
    {
        [_, "source"] => "SOURCE",
        [_, "questions", var index, .. var rest] => $"question {index}{string.Concat(rest.Select(part => $", {part}"))}",
        [_, "questions"] => "--question",
        [_, "duplicates", "max_bits"] => "--duplicate-bits",
        [_, "reuse", ..] => "--reuse",
        [_, "sampling" or "quality" or "filters" or "input" or "schedule", var member, ..] => $"--{member.Replace('_', '-')}",
        [_, var member] => $"--{member.Replace('_', '-')}",
        _ => "spec",
    };
}
