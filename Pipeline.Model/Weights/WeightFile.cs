using System.IO.MemoryMappedFiles;
using Pipeline.Model.Native;
using Pipeline.Model.Weights.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>One file of weights, safetensors or PyTorch's, mapped into memory: its tensors are views of the mapping.</summary>
/// <remarks>
/// A file must not change while it is open. If another process truncates it, touching what is gone raises SIGBUS, which ends this
/// process; no system offers a lock against that. Replacing a file by renaming another over it is safe.
/// </remarks>
public sealed unsafe class WeightFile : IDisposable
{
    /// <summary>
    /// Most bytes of a safetensors header or a pickle; 8B checkpoints have under 0.1 MB. Reading takes memory in proportion, so the limit
    /// stays far below the 100 MB that the safetensors format itself allows.
    /// </summary>
    internal const int MaxHeaderBytes = 16 << 20;

    /// <summary>Elements copied at once: another device's copy may pass through a converted one on this side.</summary>
    private const long ElementsPerCopy = 1 << 22;

    private readonly Dictionary<string, TensorView> _views;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _bytes;
    private readonly byte* _start;

    private WeightFile(FileStream file, Dictionary<string, TensorView> views)
    {
        _views = views;
        Tensors = views.ToDictionary(pair => pair.Key, StoredTensor (pair) => pair.Value, StringComparer.Ordinal);
        _mapping = MemoryMappedFile.CreateFromFile(file, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _bytes = _mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _bytes.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens <c>*.safetensors</c>, or else a file of <c>torch.save</c>.</summary>
    /// <exception cref="InvalidDataException">The file breaks its format; the message says how, without the file's name.</exception>
    public static WeightFile Open(string path)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            return new WeightFile(file, Path.GetExtension(path) == ".safetensors" ? SafetensorsHeader.Read(file) : TorchArchive.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A CPU tensor of the file's element type. It may lie in the mapped file: use it before this object is disposed, and don't write to it.</summary>
    public Tensor Read(string name)
    {
        Tensor stored = View(name);
        bool rowMajor = _views[name].IsRowMajor;
        if (rowMajor && IsAligned(name))
        {
            return stored;
        }

        using (stored)
        {
            return rowMajor ? stored.clone() : stored.contiguous();
        }
    }

    /// <summary>Fills a tensor of the same shape, converting to its type, without a second copy in memory.</summary>
    /// <param name="name">Whose elements.</param>
    /// <param name="target">Of any element type, on any device.</param>
    public void CopyTo(string name, Tensor target)
    {
        using Tensor stored = View(name);
        if (stored.dim() == 0)
        {
            target.copy_(stored);
            return;
        }

        long rows = stored.size(0), rowsPerCopy = Math.Max(1, ElementsPerCopy * rows / Math.Max(1, stored.NumberOfElements));
        for (long row = 0; row < rows; row += rowsPerCopy)
        {
            using Tensor from = stored.narrow(0, row, Math.Min(rowsPerCopy, rows - row)), to = target.narrow(0, row, from.size(0));
            to.copy_(from);
        }
    }

    public void Dispose()
    {
        _bytes.SafeMemoryMappedViewHandle.ReleasePointer();
        _bytes.Dispose();
        _mapping.Dispose();
    }

    private Tensor View(string name) => BorrowedTensor.Over(_start + _views[name].Offset, _views[name].Shape, _views[name].Strides, _views[name].Type);

    /// <summary>Files of other writers may not be padded: x86 reads such numbers, other processors trap. The mapping itself starts at a page.</summary>
    private bool IsAligned(string name) => _views[name].Offset % _views[name].Type.ElementSize() == 0;
}
