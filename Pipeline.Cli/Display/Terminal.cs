using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>Where a person, or a script, reads what happens.</summary>
internal sealed class Terminal(IAnsiConsole output, TextWriter error, bool isLive)
{
    /// <summary>Of a file or pipe, where no window says how wide lines may be.</summary>
    private const int WidthOfFiles = 120;

    public IAnsiConsole Out { get; } = output;

    /// <summary>True where a progress bar can redraw itself.</summary>
    public bool IsLive { get; } = isLive;

    public static Terminal Standard()
    {
        var output = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            output.Profile.Width = WidthOfFiles;
        }

        return new Terminal(output, Console.Error, !Console.IsOutputRedirected && output.Profile.Capabilities.Ansi);
    }

    /// <summary>Says nothing: for output that scripts read.</summary>
    public static Terminal Silent { get; } =
        new(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }), TextWriter.Null, isLive: false);

    /// <summary>A line on stdout, as it stands: long paths are not folded, so that they can be copied.</summary>
    public void Line(string text = "") => Out.Profile.Out.Writer.WriteLine(text);

    /// <summary>Lines on stderr.</summary>
    public void Fail(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            error.WriteLine($"pipeline: {line}");
        }
    }
}
