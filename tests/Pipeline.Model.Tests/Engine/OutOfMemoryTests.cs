using System.Runtime.InteropServices;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using TorchSharp;

namespace Pipeline.Model.Tests.Engine;

public sealed class OutOfMemoryTests
{
    [Fact]
    public void What_libtorch_throws_is_recognised()
    {
        TorchRuntime.EnsureLoaded();

        Assert.True(OutOfMemory.Is(Assert.ThrowsAny<ExternalException>(() => torch.empty([1L << 50], torch.ScalarType.Byte))));
    }

    /// <summary>What libtorch's allocators say, a C++ stack behind it.</summary>
    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 1.02 GiB is free.\nException raised from malloc at /pytorch/c10/cuda/CUDACachingAllocator.cpp:1234")]
    [InlineData("[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4398046511104 bytes. Error code 12 (Cannot allocate memory)")]
    [InlineData("[enforce fail at alloc_cpu.cpp:75] . DefaultCPUAllocator: not enough memory: you tried to allocate 4398046511104 bytes.")]
    public void What_an_allocator_says_is_recognised_and_told_with_what_to_change(string message)
    {
        var cause = new InvalidOperationException(message);

        Assert.True(OutOfMemory.Is(cause));
        Assert.True(OutOfMemory.Is(new InvalidOperationException("A step failed.", cause)));
        string told = new InferenceException(InferenceStage.Decode, cause).Message;
        Assert.StartsWith("Memory ran out in the model's decode step: lower gpu_memory_utilization", told.Split('\n')[0], StringComparison.Ordinal);
        Assert.EndsWith(message, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered")]
    [InlineData("libtorch failed in aten::_weight_int8pack_mm; its reason is in the process's standard error.")]
    public void Other_failures_are_not(string message)
    {
        var cause = new InvalidOperationException(message);

        Assert.False(OutOfMemory.Is(cause));
        Assert.Equal($"The model failed in its vision step: {message}", new InferenceException(InferenceStage.Vision, cause).Message);
    }
}
