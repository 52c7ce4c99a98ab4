using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>A checkpoint's tensors by name: in files, or in memory and being trained.</summary>
public interface IWeights : IDisposable
{
    bool Has(string name);

    /// <summary>A tensor of the type and on the device asked for.</summary>
    Tensor Read(string name, ScalarType type, Device device);

    /// <summary>Tensors one below the other along their first dimension.</summary>
    Tensor ReadStacked(IReadOnlyList<string> names, ScalarType type, Device device);
}
