using static TorchSharp.torch;

namespace Pipeline.Model.Native;

/// <summary>An argument of an operator: a tensor, a number, a truth value, a list of whole numbers, or an optional one of these.</summary>
internal readonly struct AtenArgument
{
    private readonly Tensor? _tensor;
    private readonly long[]? _list;
    private readonly ulong _bits;
    private readonly Kind _kind;

    private AtenArgument(Kind kind, ulong bits = 0, Tensor? tensor = null, long[]? list = null)
    {
        _kind = kind;
        _bits = bits;
        _tensor = tensor;
        _list = list;
    }

    private enum Kind
    {
        Bits,
        Tensor,
        OptionalTensor,
        OptionalBits,
        List,
    }

    /// <summary>None, for any optional argument.</summary>
    public static AtenArgument None => new(Kind.Bits);

    public static implicit operator AtenArgument(Tensor tensor) => new(Kind.Tensor, tensor: tensor);

    public static implicit operator AtenArgument(bool value) => new(Kind.Bits, value ? 1UL : 0);

    public static implicit operator AtenArgument(double value) => new(Kind.Bits, BitConverter.DoubleToUInt64Bits(value));

    public static implicit operator AtenArgument(long value) => new(Kind.Bits, (ulong)value);

    public static AtenArgument List(params long[] values) => new(Kind.List, list: values);

    public static AtenArgument Optional(Tensor? tensor) => tensor is null ? None : new(Kind.OptionalTensor, tensor: tensor);

    public static AtenArgument Optional(double value) => new(Kind.OptionalBits, BitConverter.DoubleToUInt64Bits(value));

    public static AtenArgument Optional(long value) => new(Kind.OptionalBits, (ulong)value);

    public static AtenArgument Optional(bool value) => new(Kind.OptionalBits, value ? 1UL : 0);

    internal ulong ToStack() => _kind switch
    {
        Kind.Tensor => Aten.Reference(_tensor!),
        Kind.OptionalTensor => Aten.Some(Aten.Reference(_tensor!)),
        Kind.OptionalBits => Aten.Some(_bits),
        Kind.List => Aten.List(_list),
        _ => _bits,
    };
}
