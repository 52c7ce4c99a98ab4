using System.Text.RegularExpressions;

namespace Pipeline.Model.Native;

/// <summary>A libtorch that somebody else installed, such as the <c>torch/lib</c> of a Python torch.</summary>
public sealed partial class LibtorchFolder
{
    /// <summary>Environment variable that names the folder; unset or empty: the libtorch of the packages.</summary>
    public const string Variable = "PIPELINE_LIBTORCH";

    internal const string Mend = $"Name the folder that holds libtorch_cpu.so: of a Python torch, what `python3 -c 'import torch; print(torch.__path__[0])'` prints, with /lib behind it.";

    // In this order each finds those that it needs among the ones before it.
    private static readonly (string Name, bool IsOptional)[] s_libraries =
        [("libc10.so", false), ("libc10_cuda.so", true), ("libtorch_cpu.so", false), ("libtorch_cuda.so", true), ("libtorch.so", false)];

    /// <exception cref="DllNotFoundException">It is no folder, or lacks a library; the message says what to do.</exception>
    public LibtorchFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(Path))
        {
            throw new DllNotFoundException($"{Variable}: '{path}' is no folder. {Mend}");
        }

        string[] missing = [.. s_libraries.Where(library => !library.IsOptional && !File.Exists(Of(library.Name))).Select(library => library.Name)];
        if (missing.Length > 0)
        {
            throw new DllNotFoundException($"{Variable}: '{path}' has no {string.Join(", no ", missing)}. {Mend}");
        }

        Libraries = [.. s_libraries.Select(library => Of(library.Name)).Where(File.Exists)];
    }

    public string Path { get; }

    /// <summary>libtorch's own libraries, in the order in which they are loaded; those for a graphics card only where it has them.</summary>
    public IReadOnlyList<string> Libraries { get; }

    /// <summary>As the files beside it say; null where none does.</summary>
    public string? Version => FromPython() ?? FromBuild();

    /// <returns>Null where the environment names none.</returns>
    /// <inheritdoc cref="LibtorchFolder(string)"/>
    public static LibtorchFolder? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? new LibtorchFolder(path) : null;

    private string Of(string library) => System.IO.Path.Combine(Path, library);

    private string? FromPython()
    {
        Match version = PythonVersion().Match(Beside("version.py"));
        return version.Success ? version.Groups[1].Value : null;
    }

    /// <summary>Of the archive libtorch-shared-with-deps.</summary>
    private string? FromBuild() => Beside("build-version").Trim() is { Length: > 0 } version ? version : null;

    private string Beside(string file)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? Path, file);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it only makes messages clearer
        }
    }

    [GeneratedRegex("""^__version__\s*=\s*['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
