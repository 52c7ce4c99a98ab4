using System.Runtime.InteropServices;

namespace Pipeline.Model.Native;

/// <summary>Loads libtorch and TorchSharp's native half before the first use of <c>torch</c>.</summary>
/// <remarks>docs/adr/0002-how-libtorch-is-loaded.md says why TorchSharp's own loading isn't enough on Debian 12.</remarks>
public static class TorchRuntime
{
    private const string Bindings = "libLibTorchSharp.so";
    private static readonly Lazy<bool> s_loaded = new(Load);

    /// <summary>Compares the libtorch that the environment names with what this program needs, without loading it.</summary>
    /// <returns>Null where it names none.</returns>
    /// <exception cref="DllNotFoundException">There is no such folder, or it holds no libtorch for this processor.</exception>
    public static SymbolCheck? CheckGiven() => LibtorchFolder.FromEnvironment() is { } folder ? SymbolCheck.Of(folder, Find(Bindings)) : null;

    /// <summary>Idempotent and thread-safe; call before touching any type of TorchSharp.</summary>
    /// <exception cref="DllNotFoundException">The native libraries are missing or don't fit this system.</exception>
    public static void EnsureLoaded() => _ = s_loaded.Value;

    private static bool Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true; // TorchSharp finds its libraries by itself where no symbol version is in the way.
        }

        GlibcHeap.KeepFreedMemory();

        if (LibtorchFolder.FromEnvironment() is { } folder)
        {
            GivenLibtorch.Load(folder, Find(Bindings), ProgramFolders);
        }
        else
        {
            // By full path and in this order: the bindings may be loaded from another folder, where their RUNPATH finds nothing.
            foreach (string library in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            {
                NativeLibrary.Load(Find(library));
            }
        }

        string bindings = Find(Bindings);
        if (!NativeLibrary.TryLoad(bindings, out _))
        {
            NativeLibrary.Load(WeakSymbolVersion.CopyOf(bindings, "GLIBCXX_3.4.32"));
        }

        return true;
    }

    /// <summary>Where the runtime looks for native libraries.</summary>
    private static IEnumerable<string> ProgramFolders =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0).Append(AppContext.BaseDirectory);

    private static string Find(string library)
    {
        foreach (string folder in ProgramFolders)
        {
            string path = Path.Combine(folder, library);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new DllNotFoundException(
            $"{library} is not beside this program. Restore and build again: it comes with the libtorch-cpu-linux-x64 and TorchSharp packages. "
            + $"Or name the folder of a libtorch {TorchAbi.Version} in {LibtorchFolder.Variable}.");
    }
}
