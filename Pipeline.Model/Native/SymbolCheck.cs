namespace Pipeline.Model.Native;

/// <summary>Whether a libtorch has what TorchSharp's bindings and this project's own P/Invokes need, found out without loading any of them.</summary>
/// <remarks>
/// C++ names hold the types of their parameters, so that a function that changed is missing by its old name. The loader would say so only at the first call of
/// each, and end the process. That all names are there doesn't prove that nothing else changed: <c>pipeline verify</c> computes.
/// </remarks>
public sealed record SymbolCheck
{
    private const string NewStrings = "__cxx11";

    public required LibtorchFolder Folder { get; init; }

    /// <summary>How many symbols are needed.</summary>
    public required int Needed { get; init; }

    /// <summary>Those that no library of the folder defines.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Libraries that the bindings need, and that have another name once loaded (SONAME): the loader wouldn't find them.</summary>
    public required IReadOnlyList<string> Misnamed { get; init; }

    /// <summary>It has functions without std::string, and none with: what libtorch looks like that was built with the C++ ABI from before C++11.</summary>
    public required bool HasOldStrings { get; init; }

    public bool Fits => Missing.Count == 0 && Misnamed.Count == 0;

    /// <param name="folder">Where libtorch lies.</param>
    /// <param name="bindings">File of TorchSharp's native half.</param>
    /// <exception cref="DllNotFoundException">One of the files is no library for this processor; the message says which.</exception>
    public static SymbolCheck Of(LibtorchFolder folder, string bindings)
    {
        List<ElfLibrary> opened = [];
        try
        {
            var needing = new ElfLibrary(bindings);
            opened.Add(needing);
            opened.AddRange(folder.Libraries.Select(file => new ElfLibrary(file)));
            ElfSymbols[] defining = [.. opened.Skip(1).Select(library => new ElfSymbols(library))];
            string[] needed = [.. new ElfSymbols(needing).Needed(), .. TorchAbi.Functions];
            string[] missing = [.. needed.Where(symbol => !defining.Any(library => library.Defines(symbol)))];
            return new SymbolCheck
            {
                Folder = folder,
                Needed = needed.Length,
                Missing = missing,
                Misnamed = [.. opened.Skip(1).Where(library => needing.Needed.Contains(Path.GetFileName(library.File)) && library.Name != Path.GetFileName(library.File)).Select(library => library.Name)],
                HasOldStrings = missing.Length < needed.Length && missing.Count(IsNew) == needed.Count(IsNew),
            };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException($"{LibtorchFolder.Variable}: {e.Message} {LibtorchFolder.Mend}", e);
        }
        finally
        {
            opened.ForEach(library => library.Dispose());
        }
    }

    private static bool IsNew(string symbol) => symbol.Contains(NewStrings, StringComparison.Ordinal);
}
