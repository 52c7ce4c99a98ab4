using System.Runtime.InteropServices;
using Pipeline.Model.Native;

namespace Pipeline.Model.Tests.Native;

/// <summary>The loader itself is asked whether it finds the same.</summary>
public sealed class ElfSymbolsTests
{
    public ElfSymbolsTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libc10.so")]
    public void What_a_library_defines_is_what_the_loader_finds_in_it(string name)
    {
        using var bindings = new ElfLibrary(TorchFiles.Bindings);
        using var library = new ElfLibrary(TorchFiles.Package(name));
        var symbols = new ElfSymbols(library);
        nint loaded = NativeLibrary.Load(library.File);
        string[] asked = [.. new ElfSymbols(bindings).Needed(), "aoti_torch_call_dispatcher", "no_such_symbol", ""];

        string[] defined = [.. asked.Where(symbols.Defines)];

        // dlsym also looks into the libraries that this one needs, so that of libtorch_cpu it finds libc10's as well.
        using var c10 = new ElfLibrary(TorchFiles.Package("libc10.so"));
        var below = new ElfSymbols(c10);
        Assert.Equal(asked.Where(symbol => NativeLibrary.TryGetExport(loaded, symbol, out _)), asked.Where(symbol => symbols.Defines(symbol) || below.Defines(symbol)));
        Assert.InRange(defined.Length, 10, asked.Length - 10);
    }

    [Fact]
    public void What_the_bindings_need_of_libtorch_is_all_that_has_no_version()
    {
        using var bindings = new ElfLibrary(TorchFiles.Bindings);

        string[] needed = [.. new ElfSymbols(bindings).Needed()];

        Assert.Equal(1_204, needed.Length); // readelf --dyn-syms: GLOBAL, UND, without @VERSION
        Assert.Contains("_ZN2at4_ops4neg_4callERNS_6TensorE", needed);
        Assert.DoesNotContain("_ZSt4cout", needed);
        Assert.DoesNotContain("__gmon_start__", needed);
    }
}
