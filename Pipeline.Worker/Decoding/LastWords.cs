using System.Diagnostics;

namespace Pipeline.Worker.Decoding;

/// <summary>The first line that a process writes to its standard error; the rest is read and forgotten, so that it never waits to be read.</summary>
internal sealed class LastWords
{
    private const int Longest = 300;

    private string? _line;

    public LastWords(Process process)
    {
        process.ErrorDataReceived += (_, line) => _line ??= string.IsNullOrWhiteSpace(line.Data) ? null : line.Data[..Math.Min(line.Data.Length, Longest)];
        process.BeginErrorReadLine();
    }

    public override string ToString() => _line ?? "";
}
