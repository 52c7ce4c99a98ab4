using System.IO.MemoryMappedFiles;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Model.Native;

/// <summary>What the dynamic loader reads of a 64-bit ELF library, without loading it.</summary>
/// <remarks>
/// Everything is found through the program headers and the dynamic section, as the loader does: section headers may be stripped. The file is mapped, since
/// libtorch's are hundreds of megabytes of which little is read. Layout: System V gABI, chapters 4 and 5.
/// </remarks>
internal sealed class ElfLibrary : IDisposable
{
    private const int HeaderBytes = 64, ProgramHeaderLoad = 1, ProgramHeaderDynamic = 2;
    private const uint Magic = 0x464c457f;
    private const int Class64 = 2, LittleEndian = 1, SharedObject = 3, MachineX64 = 62;
    private const long TagNeeded = 1, TagStringTable = 5, TagName = 14;

    private readonly long _length;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _bytes;
    private readonly List<(long Address, long Offset, long Length)> _segments = [];
    private readonly List<(long Tag, long Value)> _dynamic = [];

    /// <exception cref="InvalidDataException">It is no such library, or one for another processor.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public ElfLibrary(string file)
    {
        File = file;
        using (SafeFileHandle handle = System.IO.File.OpenHandle(file))
        {
            _length = RandomAccess.GetLength(handle); // of what a link points to
        }

        if (_length < HeaderBytes)
        {
            throw new InvalidDataException($"'{file}' is no 64-bit ELF library.");
        }

        _file = MemoryMappedFile.CreateFromFile(file, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _bytes = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        try
        {
            CheckHeader();
            ReadProgramHeaders();
            Strings = OffsetOf(TagStringTable) ?? throw new InvalidDataException($"'{file}' is no dynamic ELF library.");
            Needed = [.. _dynamic.Where(entry => entry.Tag == TagNeeded).Select(entry => Text(Strings + entry.Value))];
            Name = _dynamic.Where(entry => entry.Tag == TagName).Select(entry => Text(Strings + entry.Value)).FirstOrDefault(Path.GetFileName(file));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string File { get; }

    /// <summary>By which other libraries find it once it is loaded (SONAME).</summary>
    public string Name { get; }

    /// <summary>Names of the libraries that are loaded with it.</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>Place in the file of the strings that its tables point into.</summary>
    public long Strings { get; }

    /// <summary>Place in the file of a table of the dynamic section, or null where it has none.</summary>
    public long? OffsetOf(long tag)
    {
        foreach (var (_, address) in _dynamic.Where(entry => entry.Tag == tag))
        {
            foreach (var (start, offset, length) in _segments)
            {
                if (address >= start && address < start + length)
                {
                    return address - start + offset;
                }
            }
        }

        return null;
    }

    public byte U8(long at) => _bytes.ReadByte(Checked(at, sizeof(byte)));

    public ushort U16(long at) => _bytes.ReadUInt16(Checked(at, sizeof(ushort)));

    public uint U32(long at) => _bytes.ReadUInt32(Checked(at, sizeof(uint)));

    public ulong U64(long at) => _bytes.ReadUInt64(Checked(at, sizeof(ulong)));

    /// <summary>The string that begins there and ends with a zero.</summary>
    public string Text(long at)
    {
        List<byte> text = [];
        for (byte next; (next = U8(at)) != 0; at++)
        {
            text.Add(next);
        }

        return Encoding.Latin1.GetString([.. text]);
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _file.Dispose();
    }

    private long Checked(long at, int bytes) => at >= 0 && at <= _length - bytes
        ? at
        : throw new InvalidDataException($"'{File}' is a damaged ELF library: its tables point outside of it.");

    private void CheckHeader()
    {
        if (U32(0) != Magic || U8(4) != Class64 || U8(5) != LittleEndian || U16(0x10) != SharedObject)
        {
            throw new InvalidDataException($"'{File}' is no 64-bit ELF library.");
        }

        if (U16(0x12) is var machine and not MachineX64)
        {
            throw new InvalidDataException($"'{File}' is built for another processor (ELF machine {machine}); this program needs libraries for x86-64 (machine {MachineX64}).");
        }
    }

    private void ReadProgramHeaders()
    {
        int size = U16(0x36), count = U16(0x38);
        for (long at = (long)U64(0x20), end = at + ((long)size * count); at < end; at += size)
        {
            long offset = (long)U64(at + 8), address = (long)U64(at + 16), length = (long)U64(at + 32);
            switch (U32(at))
            {
                case ProgramHeaderLoad:
                    _segments.Add((address, offset, length));
                    break;
                case ProgramHeaderDynamic:
                    for (long entry = offset; entry < offset + length; entry += 16)
                    {
                        _dynamic.Add(((long)U64(entry), (long)U64(entry + 8)));
                    }

                    break;
                default:
                    break;
            }
        }
    }
}
