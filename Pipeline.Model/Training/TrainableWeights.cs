using Pipeline.Model.Configuration;
using Pipeline.Model.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>A checkpoint's tensors in memory, as leaves of the gradient graph: what a layer reads is what the optimizer changes.</summary>
/// <remarks>
/// Projections that a layer stacks into one product become one leaf, of which each is some rows. What no layer reads, CLIP's last layer
/// above all, stays as it was and gets no gradient.
/// </remarks>
internal sealed class TrainableWeights : IWeights
{
    private readonly Dictionary<string, Tensor> _initial;
    private readonly Dictionary<string, Parameter> _leaves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Parameter Leaf, long First, long Rows)> _rows = new(StringComparer.Ordinal);

    /// <param name="initial">Values of all tensors by name; float32, on the CPU, owned from now on.</param>
    public TrainableWeights(IReadOnlyDictionary<string, Tensor> initial) =>
        _initial = initial.ToDictionary(pair => pair.Key, pair => pair.Value.DetachFromDisposeScope(), StringComparer.Ordinal);

    /// <summary>Copies a checkpoint's tensors.</summary>
    public static TrainableWeights Load(string folder, DragonflyConfig config)
    {
        using WeightFiles files = Checkpoint.Open(folder, config);
        return new TrainableWeights(DragonflyParameters.Of(config).Keys.ToDictionary(name => name, name =>
        {
            using Tensor stored = files.Read(name, ScalarType.Float32, CPU);
            return stored.clone();
        }));
    }

    /// <summary>What the optimizer changes, by the name of the tensor, of the first one where several are stacked.</summary>
    public IReadOnlyDictionary<string, Parameter> Leaves => _leaves;

    public bool Has(string name) => _initial.ContainsKey(name);

    public Tensor Read(string name, ScalarType type, Device device) => ReadStacked([name], type, device);

    /// <exception cref="ArgumentException">Another type or device than float32 on the CPU.</exception>
    public Tensor ReadStacked(IReadOnlyList<string> names, ScalarType type, Device device)
    {
        if (type != ScalarType.Float32 || device.type != DeviceType.CPU)
        {
            throw new ArgumentException($"Weights are trained in float32 on the CPU, not in {type} on {device}.", nameof(type));
        }

        if (!_leaves.TryGetValue(names[0], out Parameter? leaf))
        {
            using Tensor stacked = names.Count == 1 ? _initial[names[0]].clone() : cat([.. names.Select(name => _initial[name])]);
            leaf = new Parameter(stacked);
            leaf.DetachFromDisposeScope();
            _leaves.Add(names[0], leaf);
            long first = 0;
            foreach (string name in names)
            {
                long rows = names.Count == 1 ? -1 : _initial[name].size(0);
                _rows.Add(name, (leaf, first, rows));
                first += rows;
            }
        }

        return leaf;
    }

    /// <summary>Present value of a tensor; a view where it is trained.</summary>
    public Tensor Value(string name)
    {
        if (!_rows.TryGetValue(name, out var place))
        {
            return _initial[name].alias();
        }

        using Tensor detached = place.Leaf.detach();
        return place.Rows < 0 ? detached.alias() : detached.narrow(0, place.First, place.Rows);
    }

    /// <summary>Gradient of a tensor, a view; null where it has none.</summary>
    public Tensor? Gradient(string name)
    {
        if (!_rows.TryGetValue(name, out var place) || place.Leaf.grad is not { } gradient)
        {
            return null;
        }

        return place.Rows < 0 ? gradient : gradient.narrow(0, place.First, place.Rows);
    }

    /// <summary>Writes tensors as a safetensors file.</summary>
    /// <param name="file">Replaced if it exists.</param>
    /// <param name="names">Which; all where null.</param>
    /// <param name="type">F32 or BF16.</param>
    public void Save(string file, IEnumerable<string>? names, ScalarType type)
    {
        using IDisposable plain = no_grad();
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(file, (names ?? _initial.Keys).ToDictionary(name => name, name => Value(name).to(type).contiguous()));
    }

    /// <summary>Takes all values from a file that <see cref="Save"/> wrote.</summary>
    public static TrainableWeights Read(string file)
    {
        using var stored = WeightFile.Open(file);
        return new TrainableWeights(stored.Tensors.Keys.ToDictionary(name => name, name =>
        {
            using Tensor view = stored.Read(name);
            return view.clone();
        }));
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _initial.Values.Concat(_leaves.Values))
        {
            tensor.Dispose();
        }
    }
}
