using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Model.Native;

/// <summary>Makes a copy of a 64-bit ELF library in which one needed symbol version is weak, so that an older libstdc++ still serves it.</summary>
/// <remarks>
/// TorchSharp's bindings ask for <c>GLIBCXX_3.4.32</c> only because of <c>std::ios_base_library_init()</c>, to which nothing
/// relocates; with <c>VER_FLG_WEAK</c> set the loader accepts its absence. Layout: System V gABI, "Symbol Versioning" of the
/// Linux Standard Base.
/// </remarks>
internal static class WeakSymbolVersion
{
    private const int ProgramHeaderLoad = 1;
    private const int ProgramHeaderDynamic = 2;
    private const long TagStringTable = 5;
    private const long TagNeededVersions = 0x6ffffffe;
    private const ushort FlagWeak = 2;

    /// <summary>Path of the patched copy, in a per-user cache folder; written once per content.</summary>
    public static string CopyOf(string library, string version)
    {
        byte[] image = File.ReadAllBytes(library);
        string hash = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        string folder = CacheFolder();
        string copy = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(library)}-{hash}.so");
        if (!File.Exists(copy))
        {
            MakeWeak(image, version);
            string partial = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(partial, image);
            File.Move(partial, copy, overwrite: true); // whole or not at all, also with several processes at once
        }

        return copy;
    }

    private static string CacheFolder()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        foreach (string parent in (string[])[home, Path.GetTempPath()])
        {
            try
            {
                if (parent.Length > 0)
                {
                    string folder = Path.Combine(parent, "dragonfly-pipeline", "native");
                    Directory.CreateDirectory(folder);
                    return folder;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A read-only home, as in a hardened container: the temporary folder serves as well.
            }
        }

        throw new DllNotFoundException($"Neither '{home}' nor '{Path.GetTempPath()}' can be written; the native bindings need one of them.");
    }

    private static void MakeWeak(Span<byte> elf, string version)
    {
        var (versions, strings) = DynamicTables(elf);
        byte[] wanted = [.. Encoding.ASCII.GetBytes(version), 0];
        for (int need = versions; ;)
        {
            int aux = need + (int)U32(elf, need + 8);
            for (int i = U16(elf, need + 2); i > 0; i--)
            {
                if (elf[(strings + (int)U32(elf, aux + 8))..].StartsWith(wanted))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(aux + 4)..], (ushort)(U16(elf, aux + 4) | FlagWeak));
                    return;
                }

                aux += (int)U32(elf, aux + 12);
            }

            int next = (int)U32(elf, need + 12);
            if (next == 0)
            {
                throw new DllNotFoundException($"The TorchSharp bindings can't be loaded here, and not for want of {version}: see `ldd` on them.");
            }

            need += next;
        }
    }

    /// <summary>File offsets of the needed-versions table and of the dynamic string table.</summary>
    private static (int Versions, int Strings) DynamicTables(ReadOnlySpan<byte> elf)
    {
        int headers = (int)U64(elf, 0x20), size = U16(elf, 0x36), count = U16(elf, 0x38);
        long versions = 0, strings = 0;
        for (int i = 0, at = headers; i < count; i++, at += size)
        {
            if (U32(elf, at) == ProgramHeaderDynamic)
            {
                int end = (int)(U64(elf, at + 8) + U64(elf, at + 32));
                for (int entry = (int)U64(elf, at + 8); entry < end; entry += 16)
                {
                    long tag = (long)U64(elf, entry), value = (long)U64(elf, entry + 8);
                    versions = tag == TagNeededVersions ? value : versions;
                    strings = tag == TagStringTable ? value : strings;
                }
            }
        }

        return (FileOffset(elf, headers, size, count, versions), FileOffset(elf, headers, size, count, strings));
    }

    private static int FileOffset(ReadOnlySpan<byte> elf, int headers, int size, int count, long address)
    {
        for (int i = 0, at = headers; i < count; i++, at += size)
        {
            long start = (long)U64(elf, at + 16);
            if (U32(elf, at) == ProgramHeaderLoad && address >= start && address < start + (long)U64(elf, at + 32))
            {
                return (int)(address - start + (long)U64(elf, at + 8));
            }
        }

        throw new DllNotFoundException("The TorchSharp bindings are not a dynamic ELF library.");
    }

    private static ushort U16(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint U32(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);

    private static ulong U64(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf[at..]);
}
