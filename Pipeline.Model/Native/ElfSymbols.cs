namespace Pipeline.Model.Native;

/// <summary>The symbols by which an ELF library is linked to others when it is loaded.</summary>
/// <remarks>Layout: System V gABI, chapter 4, "Symbol Table"; GNU's hash table, by which a name is found without reading the whole of libtorch's.</remarks>
internal sealed class ElfSymbols
{
    private const long TagSymbolTable = 6, TagGnuHash = 0x6ffffef5, TagVersions = 0x6ffffff0;
    private const int SymbolBytes = 24, BindingGlobal = 1, Undefined = 0, FirstVersion = 2, VersionMask = 0x7fff;

    private readonly ElfLibrary _library;
    private readonly long _symbols;
    private readonly long? _versions;
    private readonly long _buckets;
    private readonly uint _bucketCount, _firstDefined;

    /// <param name="library">Read from for as long as this is used.</param>
    /// <exception cref="InvalidDataException">It has no symbols, or no such hash table.</exception>
    public ElfSymbols(ElfLibrary library)
    {
        _library = library;
        _versions = library.OffsetOf(TagVersions);
        if (library.OffsetOf(TagSymbolTable) is not { } symbols || library.OffsetOf(TagGnuHash) is not { } hash)
        {
            throw new InvalidDataException($"'{library.File}' has no symbol table with a GNU hash table, as libraries for Linux have.");
        }

        _symbols = symbols;
        _bucketCount = library.U32(hash);
        _firstDefined = library.U32(hash + 4);
        _buckets = hash + 16 + (library.U32(hash + 8) * sizeof(ulong));
    }

    /// <summary>
    /// Names without which it can't run and of which nothing says that they come from the C or C++ library: that is, without a symbol version. GNU's hash table
    /// orders symbols so that those which are not defined stand in front.
    /// </summary>
    public IEnumerable<string> Needed()
    {
        for (uint i = 1; i < _firstDefined; i++)
        {
            long symbol = Symbol(i);
            bool isStrong = _library.U8(symbol + 4) >> 4 == BindingGlobal;
            if (isStrong && _library.U16(symbol + 6) == Undefined && !HasVersion(i))
            {
                yield return Name(symbol);
            }
        }
    }

    public bool Defines(string name)
    {
        uint hash = Hash(name);
        uint index = _bucketCount == 0 ? 0 : _library.U32(_buckets + (hash % _bucketCount * sizeof(uint)));
        for (long chain = _buckets + (_bucketCount * sizeof(uint)); index >= _firstDefined && index != 0; index++)
        {
            uint entry = _library.U32(chain + ((index - _firstDefined) * sizeof(uint)));
            long symbol = Symbol(index);
            if ((entry | 1) == (hash | 1) && _library.U16(symbol + 6) != Undefined && Name(symbol) == name)
            {
                return true;
            }

            if ((entry & 1) == 1)
            {
                return false; // the end of the chain
            }
        }

        return false;
    }

    private static uint Hash(string name) => name.Aggregate(5_381u, (hash, letter) => unchecked((hash * 33) + letter));

    private long Symbol(uint index) => _symbols + ((long)index * SymbolBytes);

    private string Name(long symbol) => _library.Text(_library.Strings + _library.U32(symbol));

    private bool HasVersion(uint index) => _versions is { } versions && (_library.U16(versions + ((long)index * sizeof(ushort))) & VersionMask) >= FirstVersion;
}
