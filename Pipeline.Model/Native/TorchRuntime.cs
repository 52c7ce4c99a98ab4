using System.Runtime.InteropServices;

namespace Pipeline.Model.Native;

/// <summary>Loads libtorch and TorchSharp's native half before the first use of <c>torch</c>.</summary>
/// <remarks>docs/adr/0002-how-libtorch-is-loaded.md says why TorchSharp's own loading isn't enough on Debian 12.</remarks>
public static class TorchRuntime
{
    private const string Bindings = "libLibTorchSharp.so";
    private static readonly Lazy<bool> s_loaded = new(Load);

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

        // By full path and in this order: the bindings may be loaded from another folder, where their RUNPATH finds nothing.
        foreach (string library in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            NativeLibrary.Load(Find(library));
        }

        string bindings = Find(Bindings);
        if (!NativeLibrary.TryLoad(bindings, out _))
        {
            NativeLibrary.Load(WeakSymbolVersion.CopyOf(bindings, "GLIBCXX_3.4.32"));
        }

        return true;
    }

    private static string Find(string library)
    {
        string directories = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (string directory in directories.Split(Path.PathSeparator).Append(AppContext.BaseDirectory))
        {
            string path = Path.Combine(directory, library);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new DllNotFoundException(
            $"{library} is not beside this program. Restore and build again: it comes with the libtorch-cpu-linux-x64 and TorchSharp packages.");
    }
}
