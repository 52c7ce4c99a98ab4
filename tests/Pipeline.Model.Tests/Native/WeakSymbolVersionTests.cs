using Pipeline.Model.Native;
using TorchSharp;

namespace Pipeline.Model.Tests.Native;

public sealed class WeakSymbolVersionTests
{
    [Fact]
    public void Torch_computes_after_loading()
    {
        TorchRuntime.EnsureLoaded();
        TorchRuntime.EnsureLoaded();

        using torch.Tensor sum = torch.ones(2, 3).sum();

        Assert.Equal(6, sum.item<float>());
    }

    [Fact]
    public void A_version_that_the_library_does_not_need_is_refused()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        string other = Path.Combine(Directory.CreateTempSubdirectory().FullName, "libother.so");
        File.WriteAllBytes(other, [.. File.ReadAllBytes(library), 0]); // other content, other name in the cache

        Assert.Contains("not for want of NOSUCH_1.0", Assert.Throws<DllNotFoundException>(() => WeakSymbolVersion.CopyOf(other, "NOSUCH_1.0")).Message);
    }
}
