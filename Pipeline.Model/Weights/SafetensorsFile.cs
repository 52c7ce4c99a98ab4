using System.IO.MemoryMappedFiles;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>A memory-mapped safetensors file. Its tensors are views of the mapping: reading one copies nothing.</summary>
public sealed unsafe class SafetensorsFile : WeightFile
{
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    /// <exception cref="InvalidDataException">The file breaks the format.</exception>
    public SafetensorsFile(string path)
    {
        using (FileStream stream = File.OpenRead(path))
        {
            _entries = SafetensorsHeader.Read(stream);
        }

        Tensors = _entries.ToDictionary(pair => pair.Key, StoredTensor (pair) => pair.Value, StringComparer.Ordinal);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public override Tensor Read(string name)
    {
        SafetensorsEntry entry = _entries[name];
        byte* data = _start + entry.Offset;
        Tensor view = BorrowedTensor.Over(data, entry.Shape, entry.Type);
        if ((nuint)data % (nuint)entry.Type.ElementSize() == 0)
        {
            return view;
        }

        using (view)
        {
            return view.clone(); // a header that isn't padded: x86 would read it, other processors trap
        }
    }

    protected override void Dispose(bool disposing)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
