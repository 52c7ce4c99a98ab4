using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>What a file says of a tensor.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes.</param>
public record StoredTensor(ScalarType Type, long[] Shape);

/// <summary>Where a tensor lies in its file. Readers of headers make it only of what lies inside the file.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">In elements.</param>
/// <param name="Offset">Its first element, in bytes from the file's start.</param>
internal sealed record TensorView(ScalarType Type, long[] Shape, long[] Strides, long Offset) : StoredTensor(Type, Shape)
{
    /// <summary>Strides of dimensions that have one element say nothing.</summary>
    public bool IsRowMajor { get; } = TensorLayout.RowMajor(Shape).Index().All(axis => Shape[axis.Index] < 2 || Strides[axis.Index] == axis.Item);
}
