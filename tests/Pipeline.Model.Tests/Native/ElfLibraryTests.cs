using Pipeline.Model.Native;

namespace Pipeline.Model.Tests.Native;

public sealed class ElfLibraryTests : IDisposable
{
    private readonly TorchFiles _files = new();

    [Fact]
    public void Its_name_and_what_it_needs_are_read()
    {
        using var bindings = new ElfLibrary(TorchFiles.Bindings);

        Assert.Equal("libLibTorchSharp.so", bindings.Name);
        Assert.Equal(["libtorch.so", "libc10.so", "libtorch_cpu.so"], bindings.Needed.Where(name => name.Contains("torch") || name.Contains("c10")));
        Assert.Contains("libstdc++.so.6", bindings.Needed);
    }

    [Fact]
    public void A_link_is_followed()
    {
        string link = Path.Combine(_files.Lib, "libtorch.so");
        File.CreateSymbolicLink(link, TorchFiles.Package("libc10.so"));
        using var library = new ElfLibrary(link);

        Assert.Equal("libc10.so", library.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(4_000)]
    public void Text_is_no_library(int length)
    {
        string file = _files.Add("libtorch.so", [.. Enumerable.Repeat((byte)'x', length)]);

        Assert.Equal($"'{file}' is no 64-bit ELF library.", Assert.Throws<InvalidDataException>(() => new ElfLibrary(file)).Message);
    }

    [Fact]
    public void One_for_another_processor_is_refused()
    {
        byte[] image = File.ReadAllBytes(TorchFiles.Package("libc10.so"));
        (image[0x12], image[0x13]) = (183, 0); // AArch64
        string file = _files.Add("libc10.so", image);

        Assert.Contains($"'{file}' is built for another processor (ELF machine 183)", Assert.Throws<InvalidDataException>(() => new ElfLibrary(file)).Message);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(600)]
    [InlineData(20_000)]
    public void One_that_is_cut_off_is_refused_and_nothing_else_happens(int length)
    {
        string file = _files.Add("libc10.so", File.ReadAllBytes(TorchFiles.Package("libc10.so"))[..length]);

        Assert.Throws<InvalidDataException>(() =>
        {
            using var library = new ElfLibrary(file);
            _ = new ElfSymbols(library).Needed().Count();
        });
    }

    public void Dispose() => _files.Dispose();
}
