using System.Runtime.InteropServices;

namespace Pipeline.Model.Native;

/// <summary>Loads a libtorch that lies elsewhere, in place of the packages'.</summary>
/// <remarks>
/// All that ask for it later, TorchSharp and this project's P/Invokes, find what is loaded by its SONAME. But the runtime looks beside the program first: a libtorch there would be
/// loaded as a second one, which ends the process. docs/adr/0012-a-libtorch-that-is-given.md.
/// </remarks>
internal static class GivenLibtorch
{
    /// <summary>Loads all of a folder's libraries, in their order.</summary>
    /// <param name="folder">Where libtorch lies.</param>
    /// <param name="bindings">File of TorchSharp's native half, which is to be loaded next.</param>
    /// <param name="programFolders">Where the runtime looks for libraries.</param>
    /// <exception cref="DllNotFoundException">It doesn't fit, or can't be loaded; the message says why and what to do.</exception>
    public static void Load(LibtorchFolder folder, string bindings, IEnumerable<string> programFolders)
    {
        RefuseSecond(programFolders);
        var check = SymbolCheck.Of(folder, bindings);
        if (!check.Fits)
        {
            throw new DllNotFoundException(string.Join(" ", SymbolReport.Of(check)));
        }

        foreach (string library in folder.Libraries)
        {
            Load(library);
        }
    }

    /// <exception cref="DllNotFoundException">One of the folders holds a libtorch.</exception>
    internal static void RefuseSecond(IEnumerable<string> programFolders)
    {
        if (programFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so"))) is { } own)
        {
            throw new DllNotFoundException(
                $"{LibtorchFolder.Variable} is set, but this program comes with a libtorch of its own, in '{own}', and one process can't hold two: unset {LibtorchFolder.Variable}, or build the program without one "
                + "(dotnet build -p:TorchBackend=none).");
        }
    }

    private static void Load(string library)
    {
        try
        {
            NativeLibrary.Load(library);
        }
        catch (DllNotFoundException e)
        {
            string reason = e.Message.ReplaceLineEndings(" ").Trim();
            throw new DllNotFoundException(
                $"{LibtorchFolder.Variable}: '{library}' can't be loaded ({reason}). Where it is a library that is missing, name its folder in LD_LIBRARY_PATH.", e);
        }
    }
}
