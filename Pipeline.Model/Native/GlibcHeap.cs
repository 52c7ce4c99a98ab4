using System.Runtime.InteropServices;

namespace Pipeline.Model.Native;

/// <summary>Has glibc keep what is freed, as one heap for all threads.</summary>
/// <remarks>
/// A layer's results are megabytes that come and go: by default each is mapped, faulted in page by page and unmapped again, which
/// cost a tenth of vision and a third of text prefill. The process keeps its largest size; its steps are of bounded size, so that
/// one is bounded too. Numbers of the options: glibc's malloc.h.
/// </remarks>
internal static partial class GlibcHeap
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8;
    private const int TopPadBytes = 64 << 20;

    /// <summary>Without effect where the C library has no such options.</summary>
    public static void KeepFreedMemory()
    {
        try
        {
            _ = SetOption(ArenaMax, 1);
            _ = SetOption(MmapMax, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, TopPadBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // musl, for one, has no mallopt.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
