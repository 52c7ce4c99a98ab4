using System.IO.Compression;
using System.Text;
using TorchSharp;

namespace Pipeline.Model.Weights.Pickle;

/// <summary>Reads where the tensors of a <c>torch.save</c> file lie: a zip with a pickle of their names and shapes, and an uncompressed entry a storage.</summary>
internal sealed class TorchArchive
{
    private readonly Stream _file;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly string _root;

    private TorchArchive(Stream file, ZipArchive zip)
    {
        _file = file;
        _entries = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw new InvalidDataException($"its zip holds '{UntrustedText.Printable(entry.FullName)}' twice");
            }
        }

        _root = _entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray() switch
        {
            [var name] => name[..^"data.pkl".Length],
            [] => throw new InvalidDataException("it is a zip without a data.pkl: no file of torch.save"),
            var several => throw new InvalidDataException($"its zip holds {several.Length} files named data.pkl"),
        };
    }

    /// <param name="file">Seekable; left open.</param>
    /// <returns>The tensors by name; each lies inside the file. Several may share their bytes.</returns>
    /// <exception cref="InvalidDataException">Not such an archive, damaged, or its pickle wants more than tensors need.</exception>
    public static Dictionary<string, TensorView> Read(Stream file)
    {
        if (file.ReadByte() == 0x80)
        {
            throw new InvalidDataException("it is in torch.save's format from before version 1.6; load it in PyTorch and save it again");
        }

        try
        {
            using ZipArchive zip = OpenZip(file);
            return new TorchArchive(file, zip).Tensors();
        }
        catch (Exception e) when (IsOfDamage(e))
        {
            throw new InvalidDataException($"its zip is damaged: {UntrustedText.Printable(e.Message)}", e);
        }
    }

    private static ZipArchive OpenZip(Stream file)
    {
        try
        {
            return new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception e) when (e is InvalidDataException || IsOfDamage(e))
        {
            throw new InvalidDataException($"it is no zip, and so no file of torch.save: {UntrustedText.Printable(e.Message)}", e);
        }
    }

    /// <summary>What the zip library throws where a number in the file makes no sense.</summary>
    private static bool IsOfDamage(Exception e) => e is ArgumentException or EndOfStreamException or InvalidOperationException or NotSupportedException or OverflowException;

    private Dictionary<string, TensorView> Tensors()
    {
        if (_entries.ContainsKey(_root + "byteorder") && Encoding.ASCII.GetString(ReadAll("byteorder")) is not "little" and var order)
        {
            throw new InvalidDataException($"its byte order is '{UntrustedText.Printable(order)}'; only 'little' is read");
        }

        if (new PickleReader(ReadAll("data.pkl")).Read() is not Dictionary<string, object?> dictionary)
        {
            throw new InvalidDataException("its pickle holds no dictionary of tensors");
        }

        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        return dictionary.ToDictionary(pair => pair.Key, pair => View(UntrustedText.Printable(pair.Key), pair.Value, starts), StringComparer.Ordinal);
    }

    /// <param name="name">Of the tensor.</param>
    /// <param name="value">What the pickle has under it.</param>
    /// <param name="starts">Of the storages seen so far: first byte by key.</param>
    private TensorView View(string name, object? value, Dictionary<string, long> starts)
    {
        PickledTensor tensor = value as PickledTensor ?? throw new InvalidDataException($"its pickle has '{name}', which is no tensor");
        PickledStorage storage = tensor.Storage;
        string key = $"data/{storage.Key}";
        if (!_entries.TryGetValue(_root + key, out ZipArchiveEntry? entry))
        {
            throw new InvalidDataException($"tensor '{name}' lies in storage '{UntrustedText.Printable(storage.Key)}', which the zip lacks");
        }

        if (!Fits(tensor, entry.Length))
        {
            throw new InvalidDataException(
                $"tensor '{name}' of shape [{string.Join(", ", tensor.Shape)}] does not fit its storage of {storage.Elements} elements in {entry.Length} bytes");
        }

        if (!starts.TryGetValue(key, out long start))
        {
            starts[key] = start = StartOf(key);
        }

        bool empty = tensor.Shape.Contains(0);
        return empty
            ? new TensorView(storage.Type, tensor.Shape, TensorLayout.RowMajor(tensor.Shape), Offset: 0)
            : new TensorView(storage.Type, tensor.Shape, tensor.Strides, start + (tensor.Offset * storage.Type.ElementSize()));
    }

    /// <summary>No tensor of a state dict repeats elements: more of them than its storage has is a bomb, not an expanded view.</summary>
    private static bool Fits(PickledTensor tensor, long bytes)
    {
        try
        {
            return tensor.Shape.Length == tensor.Strides.Length && tensor.Shape.All(size => size >= 0) && tensor.Strides.All(stride => stride >= 0)
                && tensor.Storage.Elements >= 0 && bytes == checked(tensor.Storage.Elements * tensor.Storage.Type.ElementSize())
                && tensor.Offset >= 0 && tensor.Offset <= tensor.Storage.Elements - TensorLayout.Span(tensor.Shape, tensor.Strides)
                && TensorLayout.RowMajor(tensor.Shape) is not null && TensorLayout.Elements(tensor.Shape) <= tensor.Storage.Elements;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private byte[] ReadAll(string name)
    {
        long start = StartOf(name), length = _entries[_root + name].Length;
        if (length > WeightFile.MaxHeaderBytes)
        {
            throw new InvalidDataException($"its zip holds '{name}' of {length} bytes; more than {WeightFile.MaxHeaderBytes} are not read");
        }

        byte[] content = new byte[length];
        _file.Position = start;
        _file.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// Where an entry's bytes start. The zip library doesn't tell, but the stream of an entry that is stored as it is reads straight from
    /// the file's: each byte moves that by one. torch.save compresses nothing, and a compressed entry could grow without bound.
    /// </summary>
    private long StartOf(string name)
    {
        ZipArchiveEntry entry = _entries[_root + name];
        if (entry.IsEncrypted || entry.CompressedLength != entry.Length)
        {
            throw Refused();
        }

        if (entry.Length == 0)
        {
            return 0;
        }

        using Stream content = entry.Open();
        _ = content.ReadByte();
        long start = _file.Position - 1;
        if (entry.Length > 1 && (content.ReadByte() < 0 || _file.Position != start + 2))
        {
            throw Refused();
        }

        return start <= _file.Length - entry.Length ? start : throw new InvalidDataException($"its zip is cut off within '{name}'");

        InvalidDataException Refused() => new($"its zip holds '{UntrustedText.Printable(name)}' compressed or encrypted, which torch.save does not do");
    }
}
