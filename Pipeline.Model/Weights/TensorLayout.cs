namespace Pipeline.Model.Weights;

/// <summary>Arithmetic on shapes and strides that a file claims. What doesn't fit 64 bits is an <see cref="OverflowException"/>.</summary>
internal static class TensorLayout
{
    /// <summary>No weight has more; a file could claim a million, for each of a million tensors.</summary>
    public const int MaxDimensions = 8;

    /// <summary>Strides in elements, the last dimension's being 1. Sizes of 0 count as 1, as libtorch has it.</summary>
    public static long[] RowMajor(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride = checked(stride * Math.Max(1, shape[i]));
        }

        return strides;
    }

    public static long Elements(long[] shape) => shape.Contains(0) ? 0 : shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Elements from the first to the last, both counted; 0 of an empty tensor.</summary>
    public static long Span(long[] shape, long[] strides) =>
        shape.Contains(0) ? 0 : shape.Index().Aggregate(1L, (span, axis) => checked(span + ((axis.Item - 1) * strides[axis.Index])));
}
