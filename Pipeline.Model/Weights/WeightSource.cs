using Pipeline.Model.Execution;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>A checkpoint seen from the layers: tensors by name, in the type and on the device the model runs in.</summary>
/// <param name="weights">Where the tensors lie.</param>
/// <param name="placement">Where the model runs, and in which type.</param>
/// <param name="prefix">In front of every name, so that a tower reads the same from a Dragonfly checkpoint and by itself.</param>
internal sealed class WeightSource(IWeights weights, Placement placement, string prefix = "")
{
    public Placement Placement => placement;

    public ScalarType Type => placement.Type;

    public Device Device => placement.Device;

    /// <summary>The tensors whose names start with <paramref name="part"/> and a dot.</summary>
    public WeightSource Below(string part) => new(weights, placement, $"{prefix}{part}.");

    public bool Has(string name) => weights.Has(prefix + name);

    public Tensor Read(string name) => weights.Read(prefix + name, Type, Device);

    /// <summary>Tensors one below the other along their first dimension.</summary>
    public Tensor ReadStacked(IEnumerable<string> names) => weights.ReadStacked([.. names.Select(name => prefix + name)], Type, Device);
}
