using Pipeline.Model.Weights.Pickle;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>One file of weights, safetensors or PyTorch's.</summary>
public abstract class WeightFile : IDisposable
{
    /// <summary>All tensors by name.</summary>
    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens <c>*.safetensors</c> or <c>*.bin</c>.</summary>
    /// <exception cref="InvalidDataException">The file breaks its format; the message says how, without the file's name.</exception>
    public static WeightFile Open(string path) =>
        Path.GetExtension(path) == ".safetensors" ? new SafetensorsFile(path) : new TorchArchiveFile(path);

    /// <summary>A CPU tensor of the file's element type. It may lie in the mapped file: use it before this object is disposed, and don't write to it.</summary>
    public abstract Tensor Read(string name);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>What a file says of a tensor.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes.</param>
public record StoredTensor(ScalarType Type, long[] Shape);
