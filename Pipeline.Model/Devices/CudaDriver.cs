using System.Runtime.InteropServices;

namespace Pipeline.Model.Devices;

/// <summary>NVIDIA's driver, which is there or not whatever libtorch came along.</summary>
/// <remarks>Signatures and numbers: cuda.h of the CUDA driver API.</remarks>
internal static unsafe partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int Success = 0, NoDevice = 100;
    private const int CapabilityMajor = 75, CapabilityMinor = 76;

    /// <summary>Looks at the visible cards. Never throws: what is wrong is part of what it returns.</summary>
    public static CudaMachine Ask()
    {
        try
        {
            int version;
            int error = Init(0);
            return error switch
            {
                Success => new CudaMachine { Cuda = DriverVersion(&version) == Success ? VersionOf(version) : null, Cards = Cards() },
                NoDevice => new CudaMachine { Fault = $"the NVIDIA driver sees no card{Hidden()}" },
                _ => new CudaMachine { Fault = $"the NVIDIA driver does not start (error {error}: {Text(error)}): look at nvidia-smi and the kernel's log, and restart what it names" },
            };
        }
        catch (DllNotFoundException)
        {
            return new CudaMachine { Fault = $"no NVIDIA driver is here ({Library} can't be loaded): install it; a container is run with NVIDIA's container toolkit" };
        }
        catch (EntryPointNotFoundException e)
        {
            return new CudaMachine { Fault = $"{Library} is no NVIDIA driver that is recent enough ({e.Message}): install a current one" };
        }
    }

    /// <summary>Bytes of a card's memory that nobody has. Makes the card's context, the one that libtorch will use.</summary>
    /// <returns>Null where the driver does not say.</returns>
    public static long? FreeBytes(int index)
    {
        int device;
        nint context;
        if (Get(&device, index) != Success || Retain(&context, device) != Success || Push(context) != Success)
        {
            return null;
        }

        nuint free, total;
        int error = MemoryInfo(&free, &total);
        _ = Pop(&context);
        return error == Success ? (long)free : null;
    }

    private static List<CudaCard> Cards()
    {
        const int Longest = 256;
        byte* name = stackalloc byte[Longest];
        int count;
        List<CudaCard> cards = [];
        for (int index = 0; Count(&count) == Success && index < count; index++)
        {
            int device, major, minor;
            nuint bytes;
            if (Get(&device, index) == Success && Name(name, Longest, device) == Success && TotalMemory(&bytes, device) == Success
                && Attribute(&major, CapabilityMajor, device) == Success && Attribute(&minor, CapabilityMinor, device) == Success)
            {
                cards.Add(new CudaCard(index, Marshal.PtrToStringUTF8((nint)name) ?? "", new Version(major, minor), (long)bytes));
            }
        }

        return cards;
    }

    private static string Hidden() => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible
        ? $": CUDA_VISIBLE_DEVICES is '{visible}', unset it or name cards that nvidia-smi lists"
        : ": see whether nvidia-smi lists one; a container needs it handed in (--gpus all, nvidia.com/gpu)";

    /// <summary>1000 × major + 10 × minor.</summary>
    private static Version VersionOf(int version) => new(version / 1_000, version % 1_000 / 10);

    private static string Text(int error)
    {
        byte* text = null;
        return ErrorText(error, &text) == Success ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "unknown";
    }

    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Init(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    private static partial int DriverVersion(int* version);

    [LibraryImport(Library, EntryPoint = "cuGetErrorString")]
    private static partial int ErrorText(int error, byte** text);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    private static partial int Count(int* count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int Get(int* device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int Name(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int TotalMemory(nuint* bytes, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int Attribute(int* value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int Retain(nint* context, int device);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int Push(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int Pop(nint* context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int MemoryInfo(nuint* free, nuint* total);
}
