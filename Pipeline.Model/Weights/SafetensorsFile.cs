using System.IO.MemoryMappedFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>A memory-mapped safetensors file.</summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>A span holds less than 2 GiB, and the largest tensor of an 8B model in F32 is larger.</summary>
    private const int ElementsPerCopy = 1 << 26;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <exception cref="InvalidDataException">The file breaks the format.</exception>
    public SafetensorsFile(string path)
    {
        using (FileStream stream = File.OpenRead(path))
        {
            Entries = SafetensorsHeader.Read(stream);
        }

        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>A fresh CPU tensor with a copy of the content, of the file's element type.</summary>
    public unsafe Tensor Read(string name)
    {
        SafetensorsEntry entry = Entries[name];
        Tensor tensor = empty(entry.Shape, entry.Type);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            using Tensor flat = tensor.view(-1);
            int size = (int)entry.Type.ElementSize();
            for (long done = 0, all = flat.NumberOfElements; done < all; done += ElementsPerCopy)
            {
                int elements = (int)Math.Min(ElementsPerCopy, all - done);
                using Tensor part = flat.narrow(0, done, elements);
                new ReadOnlySpan<byte>(start + entry.Offset + (done * size), elements * size).CopyTo(part.bytes);
            }
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        return tensor;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
