using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pipeline.Model.Weights.Pickle;

/// <summary>Reads the pickles that <c>torch.save</c> writes of a state dict, and nothing else.</summary>
/// <remarks>
/// A pickle is a program. This reader runs none of it: it knows the opcodes that build dictionaries, tuples and numbers, and the few
/// globals that stand for tensors, which become plain records. Anything else is refused by name. Work and memory grow with the pickle's
/// length alone: nothing is copied that the pickle can name twice, and no key's hash is of the pickle's choosing.
/// Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
/// </remarks>
internal sealed class PickleReader(ReadOnlyMemory<byte> pickle)
{
    /// <summary>A tensor takes about 30 opcodes and a few values on the stack: this is room for 100,000 of them.</summary>
    private const int MaxOpcodes = 3_000_000;

    private static readonly object s_mark = new();

    private readonly List<object?> _stack = [];
    private readonly List<object?> _memo = [];
    private int _opcodes;
    private int _at;

    /// <summary>The object that the pickle builds: of dictionaries, lists, strings, numbers and <see cref="PickledTensor"/>s.</summary>
    /// <exception cref="InvalidDataException">Damaged, or with an opcode or global that tensors don't need.</exception>
    public object? Read()
    {
        try
        {
            while (true)
            {
                byte opcode = Byte();
                if (opcode == (byte)'.')
                {
                    return Pop();
                }

                Execute(opcode);
                if (++_opcodes > MaxOpcodes)
                {
                    throw new InvalidDataException($"its pickle has more than {MaxOpcodes} opcodes, which no tensors need");
                }
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or NullReferenceException or OverflowException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"its pickle is damaged near byte {_at}: {UntrustedText.Printable(e.Message)}", e);
        }
    }

    private void Execute(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80': // PROTO
                _ = Byte();
                break;
            case '\x95': // FRAME
                _ = Take(8);
                break;
            case '}':
                Push(new Dictionary<string, object?>(StringComparer.Ordinal));
                break;
            case ']':
                Push(new List<object?>());
                break;
            case ')':
                Push(Array.Empty<object?>());
                break;
            case '(':
                Push(s_mark);
                break;
            case 'N':
                Push(null);
                break;
            case '\x88': // NEWTRUE
                Push(true);
                break;
            case '\x89': // NEWFALSE
                Push(false);
                break;
            case 'K':
                Push((long)Byte());
                break;
            case 'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case 'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case '\x8a': // LONG1
                Push(Long(Take(Byte())));
                break;
            case 'I':
                Push(long.Parse(Line(), CultureInfo.InvariantCulture));
                break;
            case 'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case 'X':
                Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))));
                break;
            case '\x8c': // SHORT_BINUNICODE
                Push(Encoding.UTF8.GetString(Take(Byte())));
                break;
            case 'q':
                Memoize(Byte());
                break;
            case 'r':
                Memoize(BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case '\x94': // MEMOIZE
                Memoize(_memo.Count);
                break;
            case 'h':
                Push(_memo[Byte()]);
                break;
            case 'j':
                Push(_memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))]);
                break;
            case 't':
                Push(PopMark());
                break;
            case '\x85': // TUPLE1
                Push(PopLast(1));
                break;
            case '\x86': // TUPLE2
                Push(PopLast(2));
                break;
            case '\x87': // TUPLE3
                Push(PopLast(3));
                break;
            case 's':
                SetItems(PopLast(2));
                break;
            case 'u':
                SetItems(PopMark());
                break;
            case 'a':
                Append(PopLast(1));
                break;
            case 'e':
                Append(PopMark());
                break;
            case '0':
                Pop();
                break;
            case 'c':
                Push(PickleGlobal.Known(Line(), Line()));
                break;
            case '\x93': // STACK_GLOBAL
                object?[] names = PopLast(2);
                Push(PickleGlobal.Known((string)names[0]!, (string)names[1]!));
                break;
            case 'Q':
                Push(PickledStorage.Of((object?[])Pop()!));
                break;
            case 'R':
                object?[] arguments = (object?[])Pop()!;
                Push(((PickleGlobal)Pop()!).Call(arguments));
                break;
            case 'b':
                // Attributes of an OrderedDict (a state dict's _metadata): nothing that a tensor needs.
                _ = (Dictionary<string, object?>)Pop()!;
                _ = (Dictionary<string, object?>)_stack[^1]!;
                break;
            default:
                throw new InvalidDataException($"its pickle has the opcode {PickleOpcodes.NameOf(opcode)} at byte {_at - 1}, which no tensor needs; it was not executed");
        }
    }

    private void SetItems(object?[] items)
    {
        var dictionary = (Dictionary<string, object?>)_stack[^1]!;
        for (int i = 0; i < items.Length; i += 2)
        {
            if (!dictionary.TryAdd((string)items[i]!, items[i + 1]))
            {
                throw new InvalidDataException($"its pickle sets '{UntrustedText.Printable((string)items[i]!)}' twice");
            }
        }
    }

    /// <summary>Python numbers what it keeps one after the other.</summary>
    private void Memoize(int index)
    {
        if (index != _memo.Count)
        {
            throw new InvalidDataException($"its pickle keeps a value as number {index} after {_memo.Count} others");
        }

        _memo.Add(Top());
    }

    private void Append(object?[] items) => ((List<object?>)_stack[^1]!).AddRange(items);

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack[^1] is var top && top == s_mark ? throw Marked() : top;

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopLast(int count)
    {
        object?[] items = [.. _stack.GetRange(_stack.Count - count, count)];
        _stack.RemoveRange(_stack.Count - count, count);
        return items.Contains(s_mark) ? throw Marked() : items;
    }

    private InvalidDataException Marked() => new($"its pickle is damaged near byte {_at}: a mark stands where a value must");

    private object?[] PopMark()
    {
        int mark = _stack.LastIndexOf(s_mark);
        object?[] items = PopLast(_stack.Count - 1 - mark);
        _stack.RemoveAt(mark);
        return items;
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw new InvalidDataException("its pickle has an integer of more than 64 bits");
        }

        long value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        int unused = 64 - (8 * bytes.Length);
        return bytes.Length == 0 ? 0 : value << unused >> unused; // two's complement
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = pickle.Span.Slice(_at, count);
        _at += count;
        return taken;
    }

    private string Line()
    {
        int length = pickle.Span[_at..].IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(Take(length));
        _at++;
        return line;
    }
}
