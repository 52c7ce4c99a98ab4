namespace Pipeline.Model.Native;

/// <summary>A <see cref="SymbolCheck"/> in words.</summary>
public static class SymbolReport
{
    private const int Shown = 3, LongestName = 160;

    /// <summary>Sentences, the mend last where there is something to mend.</summary>
    public static IReadOnlyList<string> Of(SymbolCheck check)
    {
        string version = check.Folder.Version is { } stated ? $"version {stated}" : "of a version that no file beside it tells";
        string introduction = $"libtorch in '{check.Folder.Path}' is {version}; the bindings of this program were built for {TorchAbi.Version}.";
        return check.Fits ? [introduction, .. Fitting(check)] : [introduction, .. Faults(check), Mend];
    }

    private static string Mend =>
        $"Set {LibtorchFolder.Variable} to the lib folder of a libtorch {TorchAbi.Version} (of a Python torch {TorchAbi.Version}, or of the archive libtorch-shared-with-deps-{TorchAbi.Version}.0), "
        + "or leave it unset where the program comes with its own.";

    private static IEnumerable<string> Fitting(SymbolCheck check)
    {
        yield return $"All {check.Needed:N0} symbols that are needed are there.";
        if (check.Folder.Version is { } version && !IsExpected(version))
        {
            yield return "Names alone don't prove that nothing else changed between the versions: trust no figure before `verify` has passed.";
        }
    }

    private static bool IsExpected(string version) => version == TorchAbi.Version || version.StartsWith($"{TorchAbi.Version}.", StringComparison.Ordinal);

    private static IEnumerable<string> Faults(SymbolCheck check)
    {
        if (check.Missing.Count > 0)
        {
            yield return $"{check.Missing.Count:N0} of the {check.Needed:N0} symbols that are needed are missing, so it can't be used. The first: {string.Join("; ", check.Missing.Take(Shown).Select(Short))}.";
        }

        if (check.HasOldStrings)
        {
            yield return "None of its functions takes a std::string of C++11 (__cxx11): it looks as if it was built with the C++ ABI from before (_GLIBCXX_USE_CXX11_ABI=0).";
        }

        if (check.Misnamed.Count > 0)
        {
            yield return $"Its libraries call themselves {string.Join(", ", check.Misnamed)}: the loader won't find them by the names that the bindings ask for.";
        }
    }

    private static string Short(string symbol)
    {
        string name = CxxName.Readable(symbol);
        return name.Length <= LongestName ? name : name[..LongestName] + "…";
    }
}
