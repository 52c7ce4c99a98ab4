using Pipeline.Model.Devices;

namespace Pipeline.Model.Tests.Devices;

public sealed class DeviceChoiceTests
{
    private static readonly CudaMachine s_twoCards = new()
    {
        Cuda = new Version(12, 8),
        Cards = [new CudaCard(0, "NVIDIA H100", new Version(9, 0), 80L << 30), new CudaCard(1, "NVIDIA H100", new Version(9, 0), 80L << 30)],
    };

    private static readonly CudaMachine s_noDriver = new() { Fault = "no NVIDIA driver is here" };
    private static readonly CudaLibtorch s_cuda12 = new(12);

    [Theory]
    [InlineData("auto", "cuda:0,cuda:1")]
    [InlineData("cuda", "cuda:0,cuda:1")]
    [InlineData("cuda:1", "cuda:1")]
    [InlineData("cuda:1,cpu,cuda:0", "cuda:1,cpu,cuda:0")]
    [InlineData("cpu", "cpu")]
    public void With_cards_and_a_libtorch_for_them_all_that_is_asked_for_is_taken(string text, string expected) =>
        Assert.Equal(expected.Split(','), Choose(text, s_twoCards, s_cuda12));

    [Fact]
    public void Auto_takes_the_processor_where_there_is_no_card_or_no_libtorch_for_it()
    {
        Assert.Equal(["cpu"], Choose("auto", s_noDriver, s_cuda12));
        Assert.Equal(["cpu"], Choose("auto", s_twoCards, libtorch: null));
    }

    /// <summary>Falling back would compute, a hundred times slower, on a machine that somebody pays for its cards.</summary>
    [Fact]
    public void Auto_does_not_pass_over_cards_that_do_not_fit_their_libtorch() =>
        Refused("auto", s_twoCards with { Cuda = new Version(11, 4) }, s_cuda12, "runs CUDA 11.4 at most", "built for CUDA 12", "update the driver");

    [Fact]
    public void A_card_that_can_not_be_used_is_refused_with_the_reason_and_the_mend()
    {
        Refused("cuda", s_noDriver, s_cuda12, "Device 'cuda'", "no NVIDIA driver is here", "take cpu");
        Refused("cuda", s_twoCards, libtorch: null, "-p:TorchBackend=cuda", "TORCH_BACKEND=cuda");
        Refused("cuda:2", s_twoCards, s_cuda12, "Device 'cuda:2'", "only 2 card(s)", "cuda:0, cuda:1");
        Refused("cuda:0,cuda:7", s_twoCards, s_cuda12, "only 2 card(s)");
        Refused("cuda", s_twoCards with { Cards = [] }, s_cuda12, "nvidia-smi");
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    [InlineData("cuda,cpu")]
    [InlineData("auto,cpu")]
    [InlineData("cpu,")]
    public void What_is_no_device_is_refused_with_what_can_be_written(string text)
    {
        var refused = Assert.Throws<DeviceException>(() => ComputeDevices.Resolve(text));

        Assert.Contains($"'{text}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(ComputeDevices.Syntax, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libtorch_for_cards_is_told_by_what_is_loaded()
    {
        const string Line = "7f00-7f01 r-xp 00000000 00:00 1 /opt/torch/lib/";

        Assert.Null(CudaLibtorch.In([$"{Line}libtorch_cpu.so"]));
        Assert.Equal(new CudaLibtorch(12), CudaLibtorch.In([$"{Line}libtorch_cuda.so", $"{Line}libcudart.so.12"]));
        Assert.Equal(new CudaLibtorch(13), CudaLibtorch.In([$"{Line}libcudart-9335f6a2.so.13.0.96", $"{Line}libtorch_cuda.so"]));
        Assert.Equal(new CudaLibtorch(RuntimeMajor: null), CudaLibtorch.In([$"{Line}libtorch_cuda.so"]));
    }

    private static IReadOnlyList<string> Choose(string text, CudaMachine machine, CudaLibtorch? libtorch)
    {
        DeviceRequest request = DeviceRequest.Parse(text);
        return request.MayBeCuda ? DeviceChoice.Of(request, machine, libtorch) : request.Named;
    }

    private static void Refused(string text, CudaMachine machine, CudaLibtorch? libtorch, params string[] words)
    {
        var refused = Assert.Throws<DeviceException>(() => Choose(text, machine, libtorch));
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }
}
