using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pipeline.Model.Native;

/// <summary>Makes a copy of a 64-bit ELF library in which one needed symbol version is weak, so that an older libstdc++ still serves it.</summary>
/// <remarks>
/// TorchSharp's bindings ask for <c>GLIBCXX_3.4.32</c> only because of <c>std::ios_base_library_init()</c>, to which nothing
/// relocates; with <c>VER_FLG_WEAK</c> set the loader accepts its absence. Layout: System V gABI, "Symbol Versioning" of the
/// Linux Standard Base.
/// </remarks>
internal static class WeakSymbolVersion
{
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
            MakeWeak(library, image, version);
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

    private static void MakeWeak(string library, Span<byte> image, string version)
    {
        using var elf = new ElfLibrary(library);
        long? next = elf.OffsetOf(TagNeededVersions);
        while (next is { } need)
        {
            long aux = need + elf.U32(need + 8);
            for (int i = elf.U16(need + 2); i > 0; i--)
            {
                if (elf.Text(elf.Strings + elf.U32(aux + 8)) == version)
                {
                    int flags = checked((int)aux + 4);
                    BinaryPrimitives.WriteUInt16LittleEndian(image[flags..], (ushort)(elf.U16(flags) | FlagWeak));
                    return;
                }

                aux += elf.U32(aux + 12);
            }

            uint step = elf.U32(need + 12);
            next = step == 0 ? null : need + step;
        }

        throw new DllNotFoundException($"The TorchSharp bindings can't be loaded here, and not for want of {version}: see `ldd` on them.");
    }
}
