namespace Pipeline.Worker.Shards;

/// <summary>An error's message, fit for a row: native libraries append pages of stack to theirs.</summary>
internal static class FirstLine
{
    private const int Longest = 500;

    public static string Of(Exception e)
    {
        var line = e.Message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.IsEmpty ? e.GetType().Name : line.Length <= Longest ? line.ToString() : $"{line[..Longest]}…";
    }
}
