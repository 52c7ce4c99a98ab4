namespace Pipeline.Model.Engine;

/// <summary>Tells exceptions that mean that memory ran out.</summary>
internal static class OutOfMemory
{
    /// <summary>For a step of a single image, which can't be made smaller.</summary>
    public const string Advice = "lower gpu_memory_utilization or kv_cache_memory, which leaves a step more, or max_num_seqs, or max_model_len; or take quantization int8";

    /// <summary>What libtorch's allocators say: "DefaultCPUAllocator: can't allocate memory" (also "not enough memory"), "CUDA out of memory".</summary>
    private static readonly string[] s_messages = ["out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory"];

    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException
        || s_messages.Any(message => exception.Message.Contains(message, StringComparison.OrdinalIgnoreCase))
        || (exception.InnerException is { } inner && Is(inner));
}
