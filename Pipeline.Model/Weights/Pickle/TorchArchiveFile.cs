using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights.Pickle;

/// <summary>A file of <c>torch.save</c>: a zip with a pickle of the tensors' names and shapes, and an uncompressed entry a storage.</summary>
public sealed class TorchArchiveFile : WeightFile
{
    private const int ElementsPerRead = 1 << 22;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _storages;
    private readonly Dictionary<string, PickledTensor> _views;

    /// <exception cref="InvalidDataException">Not such an archive, damaged, or its pickle wants more than tensors need.</exception>
    public TorchArchiveFile(string path)
    {
        _zip = OpenZip(path);
        try
        {
            ZipArchiveEntry pickle = _zip.Entries.SingleOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
                ?? throw new InvalidDataException("it is a zip without a data.pkl: no file of torch.save");
            string root = pickle.FullName[..^"data.pkl".Length];
            CheckByteOrder(root);
            _storages = Storages(root + "data/");
            _views = Views(new PickleReader(ReadAll(pickle)).Read());
            foreach (var (name, view) in _views)
            {
                Check(name, view);
            }

            Tensors = _views.ToDictionary(pair => pair.Key, pair => new StoredTensor(pair.Value.Storage.Type, pair.Value.Shape), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException)
        {
            _zip.Dispose();
            throw new InvalidDataException($"its zip is damaged: {e.Message}", e);
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public override Tensor Read(string name)
    {
        PickledTensor view = _views[name];
        if (IsContiguous(view))
        {
            Tensor tensor = empty(view.Shape, view.Storage.Type);
            Fill(tensor, view.Storage, view.Offset);
            return tensor;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor storage = empty([view.Storage.Elements], view.Storage.Type);
        Fill(storage, view.Storage, 0);
        return storage.as_strided(view.Shape, view.Strides, view.Offset).contiguous().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing) => _zip.Dispose();

    private static ZipArchive OpenZip(string path)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            Span<byte> start = stackalloc byte[2];
            if (file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start[0] == 0x80)
            {
                throw new InvalidDataException("it is in torch.save's format from before version 1.6; load it in PyTorch and save it again");
            }

            file.Position = 0;
            return new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch (Exception e)
        {
            file.Dispose();
            throw e is InvalidDataException ? new InvalidDataException($"it is no file of torch.save: {e.Message}", e) : e;
        }
    }

    private void CheckByteOrder(string root)
    {
        if (_zip.GetEntry(root + "byteorder") is { } entry && Encoding.ASCII.GetString(ReadAll(entry)) is not "little" and var order)
        {
            throw new InvalidDataException($"its byte order is '{order}'; only 'little' is read");
        }
    }

    private Dictionary<string, ZipArchiveEntry> Storages(string folder)
    {
        var storages = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in _zip.Entries.Where(entry => entry.FullName.StartsWith(folder, StringComparison.Ordinal)))
        {
            CheckStored(entry);
            if (!storages.TryAdd(entry.FullName[folder.Length..], entry))
            {
                throw new InvalidDataException($"its zip holds '{entry.FullName}' twice");
            }
        }

        return storages;
    }

    private static Dictionary<string, PickledTensor> Views(object? pickled)
    {
        if (pickled is not Dictionary<object, object?> dictionary)
        {
            throw new InvalidDataException("its pickle holds no dictionary of tensors");
        }

        var views = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary)
        {
            views[key as string ?? throw new InvalidDataException("its pickle names a tensor by something else than text")] =
                value as PickledTensor ?? throw new InvalidDataException($"its pickle has '{key}', which is no tensor");
        }

        return views;
    }

    private void Check(string name, PickledTensor view)
    {
        PickledStorage storage = view.Storage;
        if (!_storages.TryGetValue(storage.Key, out ZipArchiveEntry? entry))
        {
            throw new InvalidDataException($"tensor '{name}' lies in storage '{storage.Key}', which the zip lacks");
        }

        try
        {
            long elements = 1, last = view.Offset;
            for (int i = 0; i < view.Shape.Length; i++)
            {
                elements = checked(elements * view.Shape[i]);
                last = checked(last + (Math.Max(0, view.Shape[i] - 1) * view.Strides[i]));
            }

            // No tensor of a state dict repeats elements: more of them than its storage has is a bomb, not an expanded view.
            bool fits = view.Shape.Length == view.Strides.Length && view.Shape.All(size => size >= 0) && view.Strides.All(stride => stride >= 0)
                && view.Offset >= 0 && elements <= storage.Elements && (elements == 0 || last < storage.Elements);
            if (fits && entry.Length == checked(storage.Elements * storage.Type.ElementSize()))
            {
                return;
            }
        }
        catch (Exception e) when (e is OverflowException or IndexOutOfRangeException)
        {
            // falls through to the refusal below
        }

        throw new InvalidDataException($"tensor '{name}' of shape [{string.Join(", ", view.Shape)}] does not fit its storage of {storage.Elements} elements in {entry.Length} bytes");
    }

    private static bool IsContiguous(PickledTensor view)
    {
        long expected = 1;
        for (int i = view.Shape.Length - 1; i >= 0; i--)
        {
            if (view.Shape[i] > 1 && view.Strides[i] != expected)
            {
                return false;
            }

            expected *= view.Shape[i];
        }

        return true;
    }

    /// <summary>Reads from the file straight into the tensor's memory.</summary>
    private void Fill(Tensor tensor, PickledStorage storage, long firstElement)
    {
        using Stream content = _storages[storage.Key].Open();
        int size = (int)storage.Type.ElementSize();
        Skip(content, firstElement * size);
        using Tensor flat = tensor.view(-1);
        for (long done = 0, all = flat.NumberOfElements; done < all; done += ElementsPerRead)
        {
            using Tensor part = flat.narrow(0, done, Math.Min(ElementsPerRead, all - done));
            content.ReadExactly(part.bytes);
        }
    }

    private static void Skip(Stream content, long bytes)
    {
        byte[] scratch = new byte[(int)Math.Min(bytes, 1 << 16)];
        for (long left = bytes; left > 0; left -= scratch.Length)
        {
            content.ReadExactly(scratch, 0, (int)Math.Min(left, scratch.Length));
        }
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        CheckStored(entry);
        byte[] content = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>torch.save compresses nothing; a compressed entry could grow without bound.</summary>
    private static void CheckStored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
        {
            throw new InvalidDataException($"its zip holds '{entry.FullName}' compressed, which torch.save does not do");
        }
    }
}
