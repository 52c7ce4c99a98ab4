using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Duplicates;

/// <summary>How files name kinds of duplicates.</summary>
public static class DuplicateKinds
{
    private const string Exact = "exact";
    private const string Near = "near";

    public static string NameOf(DuplicateKind kind) => kind is DuplicateKind.Exact ? Exact : Near;

    /// <exception cref="FormatException">There is no kind of that name.</exception>
    public static DuplicateKind Of(string name) => name switch
    {
        Exact => DuplicateKind.Exact,
        Near => DuplicateKind.Near,
        _ => throw new FormatException($"'{name}' is no kind of duplicate."),
    };
}
