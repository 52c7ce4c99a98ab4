namespace Pipeline.Jobs.Storage;

/// <summary>A text is no location of objects. The message names it and says what to write instead.</summary>
public sealed class ObjectLocationException(string location, string message) : FormatException(message)
{
    public string Location { get; } = location;
}
