using Pipeline.Model.Native;

namespace Pipeline.Model.Tests.Native;

public sealed class LibtorchFolderTests : IDisposable
{
    private readonly TorchFiles _files = new();

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.StartsWith("PIPELINE_LIBTORCH: '/no/such' is no folder. Name the folder that holds libtorch_cpu.so", Assert.Throws<DllNotFoundException>(() => new LibtorchFolder("/no/such")).Message);

    [Fact]
    public void All_libraries_that_it_lacks_are_named()
    {
        _files.Add("libc10.so", []);

        Assert.Contains($"'{_files.Lib}' has no libtorch_cpu.so, no libtorch.so.", Assert.Throws<DllNotFoundException>(() => new LibtorchFolder(_files.Lib)).Message);
    }

    [Fact]
    public void Those_for_a_graphics_card_are_loaded_where_they_are_there_each_behind_what_it_needs()
    {
        _files.AddAll([]);
        Assert.Equal(["libc10.so", "libtorch_cpu.so", "libtorch.so"], Names());
        _files.Add("libc10_cuda.so", []);
        _files.Add("libtorch_cuda.so", []);
        Assert.Equal(["libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"], Names());
    }

    [Theory]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.11.0+cu130'\ndebug = False\n", "2.11.0+cu130")]
    [InlineData("build-version", "2.10.0+cpu\n", "2.10.0+cpu")]
    [InlineData("version.py", "nothing of the kind", null)]
    [InlineData("LICENSE", "2.10", null)]
    public void Its_version_stands_in_a_file_beside_it(string file, string content, string? expected)
    {
        _files.AddAll([]);
        File.WriteAllText(_files.Beside(file), content);

        Assert.Equal(expected, new LibtorchFolder(_files.Lib).Version);
    }

    public void Dispose() => _files.Dispose();

    private IEnumerable<string?> Names() => new LibtorchFolder(_files.Lib).Libraries.Select(Path.GetFileName);
}
