using Pipeline.Model.Native;

namespace Pipeline.Model.Tests.Native;

/// <summary>That one is loaded and computes is shown by a program without one of its own: tests/Portable.Tests.</summary>
public sealed class GivenLibtorchTests
{
    [Fact]
    public void A_program_that_comes_with_its_own_takes_no_second_one()
    {
        var folder = new LibtorchFolder(TorchFiles.Packages);

        string message = Assert.Throws<DllNotFoundException>(() => GivenLibtorch.Load(folder, TorchFiles.Bindings, ["/no/such", TorchFiles.Packages])).Message;

        Assert.Contains($"a libtorch of its own, in '{TorchFiles.Packages}'", message);
        Assert.EndsWith("(dotnet build -p:TorchBackend=none).", message);
    }

    [Fact]
    public void One_that_does_not_fit_is_refused_before_anything_is_loaded()
    {
        using var files = new TorchFiles();
        files.AddAll(File.ReadAllBytes(TorchFiles.Package("libc10.so")));

        string message = Assert.Throws<DllNotFoundException>(() => GivenLibtorch.Load(new LibtorchFolder(files.Lib), TorchFiles.Bindings, [files.Lib[..^1]])).Message;

        Assert.Contains("symbols that are needed are missing", message);
        Assert.DoesNotContain(files.Lib, File.ReadAllText("/proc/self/maps"));
    }
}
