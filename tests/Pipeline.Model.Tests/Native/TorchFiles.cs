namespace Pipeline.Model.Tests.Native;

/// <summary>The packages' native libraries, and folders made of copies of them.</summary>
internal sealed class TorchFiles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("libtorch");

    public TorchFiles() => Lib = _root.CreateSubdirectory("lib").FullName;

    /// <summary>An empty folder of its own.</summary>
    public string Lib { get; }

    public string Beside(string file) => Path.Combine(_root.FullName, file);

    public static string Packages => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    public static string Package(string file) => Path.Combine(Packages, file);

    public static string Bindings => Package("libLibTorchSharp.so");

    /// <summary>A file of the folder, by the name that it is to have there.</summary>
    public string Add(string name, byte[] content)
    {
        string file = Path.Combine(Lib, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    /// <summary>A folder that has all of libtorch's libraries by name, each of them the same.</summary>
    public void AddAll(byte[] content)
    {
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            Add(name, content);
        }
    }

    public void Dispose() => _root.Delete(recursive: true);
}
