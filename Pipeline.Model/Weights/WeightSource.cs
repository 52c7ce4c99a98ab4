using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>A checkpoint seen from the layers: tensors by name, in the type and on the device the model runs in.</summary>
internal sealed class WeightSource(Checkpoint checkpoint, ScalarType type, Device device)
{
    public ScalarType Type { get; } = type;

    public Device Device { get; } = device;

    public bool Has(string name) => checkpoint.Has(name);

    public Tensor Read(string name) => checkpoint.Read(name, Type, Device);
}
