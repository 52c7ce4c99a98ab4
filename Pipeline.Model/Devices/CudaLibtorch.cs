using System.Text.RegularExpressions;
using Pipeline.Model.Native;

namespace Pipeline.Model.Devices;

/// <summary>Which CUDA the loaded libtorch was built for, read off the libraries in this process: whoever brought them.</summary>
/// <param name="RuntimeMajor">Of its CUDA runtime; null where it has none of its own library.</param>
internal sealed partial record CudaLibtorch(int? RuntimeMajor)
{
    /// <returns>Null where libtorch is one for the CPU alone.</returns>
    public static CudaLibtorch? Loaded()
    {
        TorchRuntime.EnsureLoaded();
        return OperatingSystem.IsLinux() ? In(File.ReadLines("/proc/self/maps")) : null;
    }

    /// <param name="maps">Lines of /proc/PID/maps.</param>
    public static CudaLibtorch? In(IEnumerable<string> maps)
    {
        List<string> files = [.. maps.Select(line => Path.GetFileName(line)).Distinct()];
        return files.Contains("libtorch_cuda.so")
            ? new CudaLibtorch(files.Select(file => RuntimeLibrary().Match(file)).FirstOrDefault(match => match.Success) is { } match ? int.Parse(match.Groups[1].ValueSpan) : null)
            : null;
    }

    [GeneratedRegex(@"^libcudart(?:-[0-9a-f]+)?\.so\.(\d+)")]
    private static partial Regex RuntimeLibrary();
}
