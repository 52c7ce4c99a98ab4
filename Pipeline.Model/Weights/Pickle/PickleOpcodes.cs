namespace Pipeline.Model.Weights.Pickle;

/// <summary>Names of the opcodes that tensors don't need, for the message that refuses them.</summary>
internal static class PickleOpcodes
{
    /// <summary>As Lib/pickletools.py of CPython has it, with the byte.</summary>
    public static string NameOf(byte opcode)
    {
        string? name = (char)opcode switch
        {
            '1' => "POP_MARK",
            '2' => "DUP",
            'B' => "BINBYTES",
            'C' => "SHORT_BINBYTES",
            'F' => "FLOAT",
            'L' => "LONG",
            'P' => "PERSID",
            'S' => "STRING",
            'T' => "BINSTRING",
            'U' => "SHORT_BINSTRING",
            'V' => "UNICODE",
            'd' => "DICT",
            'g' => "GET",
            'i' => "INST",
            'l' => "LIST",
            'o' => "OBJ",
            'p' => "PUT",
            '\x81' => "NEWOBJ",
            '\x82' => "EXT1",
            '\x83' => "EXT2",
            '\x84' => "EXT4",
            '\x8b' => "LONG4",
            '\x8d' => "BINUNICODE8",
            '\x8e' => "BINBYTES8",
            '\x8f' => "EMPTY_SET",
            '\x90' => "ADDITEMS",
            '\x91' => "FROZENSET",
            '\x92' => "NEWOBJ_EX",
            '\x96' => "BYTEARRAY8",
            '\x97' => "NEXT_BUFFER",
            '\x98' => "READONLY_BUFFER",
            _ => null,
        };
        return name is null ? $"0x{opcode:x2}" : $"{name} (0x{opcode:x2})";
    }
}
