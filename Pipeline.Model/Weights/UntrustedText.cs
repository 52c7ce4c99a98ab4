namespace Pipeline.Model.Weights;

/// <summary>Names out of a file, fit for an error message.</summary>
internal static class UntrustedText
{
    private const int MaxLength = 120;

    /// <summary>Cut where it is long, and without control characters.</summary>
    public static string Printable(string text)
    {
        string cut = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return string.Concat(cut.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }
}
