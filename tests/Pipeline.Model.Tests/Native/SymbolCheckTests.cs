using System.Text;
using Pipeline.Model.Native;

namespace Pipeline.Model.Tests.Native;

public sealed class SymbolCheckTests : IDisposable
{
    private readonly TorchFiles _files = new();

    [Fact]
    public void The_packages_libtorch_has_all_that_is_needed()
    {
        var check = SymbolCheck.Of(new LibtorchFolder(TorchFiles.Packages), TorchFiles.Bindings);

        Assert.Empty(check.Missing);
        Assert.True(check.Fits);
        Assert.False(check.HasOldStrings);
        Assert.Equal(1_204 + TorchAbi.Functions.Count, check.Needed);
        Assert.Equal("All 1,213 symbols that are needed are there.", SymbolReport.Of(check)[1]);
    }

    [Fact]
    public void One_without_the_operators_is_told_by_their_names()
    {
        _files.AddAll(Core);
        File.WriteAllText(_files.Beside("version.py"), "__version__ = '1.13.1'\n");

        var check = SymbolCheck.Of(new LibtorchFolder(_files.Lib), TorchFiles.Bindings);

        Assert.False(check.Fits);
        Assert.InRange(check.Missing.Count, 1_000, check.Needed - 10);
        Assert.Superset(TorchAbi.Functions.ToHashSet(), check.Missing.ToHashSet());
        Assert.DoesNotContain(check.Missing, symbol => symbol.Contains("torchCheckFail"));
        Assert.Equal(["libc10.so", "libc10.so"], check.Misnamed); // libtorch_cpu.so and libtorch.so, which are copies of it
        Assert.False(check.HasOldStrings);

        string report = string.Join("\n", SymbolReport.Of(check));
        Assert.Contains($"libtorch in '{_files.Lib}' is version 1.13.1; the bindings of this program were built for 2.10.", report);
        Assert.Contains($"{check.Missing.Count:N0} of the 1,213 symbols that are needed are missing", report);
        Assert.Contains("at::_ops::linalg_vector_norm::call(", report); // the first, as people write it
        Assert.Contains("call themselves libc10.so, libc10.so", report);
        Assert.EndsWith("or leave it unset where the program comes with its own.", report);
    }

    [Fact]
    public void Strings_of_before_Cxx11_are_recognised()
    {
        byte[] old = [.. Core];
        for (Span<byte> rest = old; rest.IndexOf("__cxx11"u8) is var at and >= 0; rest = rest[(at + 1)..])
        {
            "__cxx98"u8.CopyTo(rest[at..]);
        }

        _files.AddAll(old);

        var check = SymbolCheck.Of(new LibtorchFolder(_files.Lib), TorchFiles.Bindings);

        Assert.True(check.HasOldStrings);
        Assert.Contains(SymbolReport.Of(check), line => line.Contains("_GLIBCXX_USE_CXX11_ABI=0"));
    }

    [Fact]
    public void Another_version_whose_names_are_all_there_is_let_in_with_a_word_of_warning()
    {
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            File.CreateSymbolicLink(Path.Combine(_files.Lib, name), TorchFiles.Package(name));
        }

        var folder = new LibtorchFolder(_files.Lib);
        Assert.Equal(2, SymbolReport.Of(SymbolCheck.Of(folder, TorchFiles.Bindings)).Count);
        File.WriteAllText(_files.Beside("version.py"), "__version__ = '2.11.0+cu130'\n");

        var check = SymbolCheck.Of(folder, TorchFiles.Bindings);

        Assert.True(check.Fits);
        Assert.Contains("trust no figure before `verify` has passed", SymbolReport.Of(check)[2]);
    }

    [Fact]
    public void A_library_that_is_none_is_named_with_the_mend()
    {
        _files.AddAll(Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1, and so on, for more than the length of a header"));

        string message = Assert.Throws<DllNotFoundException>(() => SymbolCheck.Of(new LibtorchFolder(_files.Lib), TorchFiles.Bindings)).Message;

        Assert.StartsWith($"PIPELINE_LIBTORCH: '{_files.Lib}/libc10.so' is no 64-bit ELF library. Name the folder", message);
    }

    public void Dispose() => _files.Dispose();

    private static byte[] Core => File.ReadAllBytes(TorchFiles.Package("libc10.so"));
}
