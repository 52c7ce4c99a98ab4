using System.Runtime.InteropServices;

namespace Pipeline.Model.Native;

/// <summary>Names of C++ symbols as people write them.</summary>
internal static unsafe partial class CxxName
{
    /// <returns>The name as it stands where it is none of C++, or no libstdc++ is here to read it.</returns>
    public static string Readable(string symbol)
    {
        try
        {
            int status;
            byte* text = Demangle(symbol, null, null, &status);
            string? name = Marshal.PtrToStringUTF8((nint)text);
            NativeMemory.Free(text);
            return name ?? symbol;
        }
        catch (DllNotFoundException)
        {
            return symbol;
        }
    }

    [LibraryImport("libstdc++.so.6", EntryPoint = "__cxa_demangle", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Demangle(string mangled, byte* buffer, nuint* length, int* status);
}
