namespace Pipeline.Cli.Commands;

/// <summary>The command ends with these lines on stderr, each a sentence for the person, and this exit code.</summary>
internal sealed class CommandException(int exitCode, IReadOnlyList<string> lines, Exception? inner = null)
    : Exception(string.Join(Environment.NewLine, lines), inner)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Lines { get; } = lines;

    public static CommandException Usage(params IReadOnlyList<string> lines) => new(Commands.ExitCode.Usage, lines);

    public static CommandException Failure(string line, Exception? inner = null) => new(Commands.ExitCode.Failure, [line], inner);
}
