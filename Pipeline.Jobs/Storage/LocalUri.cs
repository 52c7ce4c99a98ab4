namespace Pipeline.Jobs.Storage;

internal static class LocalUri
{
    /// <summary>The <c>file://</c> URI of an absolute path, with everything escaped that a URI reader would take for syntax.</summary>
    public static string Of(string path) => "file://" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
