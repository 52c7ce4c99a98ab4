using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Tensors of the reference, read from a safetensors file.</summary>
internal sealed class ReferenceTensors(string file) : IDisposable
{
    private readonly WeightFile _file = WeightFile.Open(file);

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    public IEnumerable<string> Names => _file.Tensors.Keys;

    public Tensor this[string name] => _file.Read(name);

    public IEnumerable<long> Integers(string name)
    {
        using Tensor stored = _file.Read(name);
        using Tensor wide = stored.to(ScalarType.Int64);
        return wide.data<long>().ToArray();
    }

    public void Dispose() => _file.Dispose();
}
