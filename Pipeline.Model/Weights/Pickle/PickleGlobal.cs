using static TorchSharp.torch;

namespace Pipeline.Model.Weights.Pickle;

/// <summary>A name that a pickle may call, and what stands for the result here. Nothing of Python runs.</summary>
internal abstract record PickleGlobal
{
    /// <exception cref="InvalidDataException">A global that tensors don't need; the message names it.</exception>
    public static PickleGlobal Known(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => new NewDictionary(),
        ("torch._utils", "_rebuild_tensor_v2") => new RebuildTensor(),
        ("torch._utils", "_rebuild_parameter") => new RebuildParameter(),
        ("torch", "FloatStorage") => new StorageType(ScalarType.Float32),
        ("torch", "HalfStorage") => new StorageType(ScalarType.Float16),
        ("torch", "BFloat16Storage") => new StorageType(ScalarType.BFloat16),
        ("torch", "DoubleStorage") => new StorageType(ScalarType.Float64),
        ("torch", "LongStorage") => new StorageType(ScalarType.Int64),
        ("torch", "IntStorage") => new StorageType(ScalarType.Int32),
        ("torch", "ShortStorage") => new StorageType(ScalarType.Int16),
        ("torch", "CharStorage") => new StorageType(ScalarType.Int8),
        ("torch", "ByteStorage") => new StorageType(ScalarType.Byte),
        ("torch", "BoolStorage") => new StorageType(ScalarType.Bool),
        _ => throw new InvalidDataException($"its pickle refers to '{UntrustedText.Printable($"{module}.{name}")}', which no tensor needs; it was not executed"),
    };

    /// <summary>What stands for the call's result.</summary>
    public virtual object Call(object?[] arguments) => throw new InvalidDataException("its pickle calls the type of a storage; it was not executed");

    private sealed record NewDictionary : PickleGlobal
    {
        public override object Call(object?[] arguments) => arguments.Length == 0
            ? new Dictionary<string, object?>(StringComparer.Ordinal)
            : throw new InvalidDataException("its pickle makes an OrderedDict from arguments");
    }

    /// <summary><c>_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)</c></summary>
    private sealed record RebuildTensor : PickleGlobal
    {
        public override object Call(object?[] arguments) =>
            new PickledTensor((PickledStorage)arguments[0]!, (long)arguments[1]!, Numbers(arguments[2]), Numbers(arguments[3]));

        // A tuple that a pickle names again and again costs it two bytes each time, and would be copied here each time.
        private static long[] Numbers(object? tuple) => (object?[])tuple! is { Length: <= TensorLayout.MaxDimensions } numbers
            ? [.. numbers.Select(number => (long)number!)]
            : throw new InvalidDataException($"its pickle has a tensor of more than {TensorLayout.MaxDimensions} dimensions");
    }

    /// <summary><c>_rebuild_parameter(data, requires_grad, backward_hooks)</c></summary>
    private sealed record RebuildParameter : PickleGlobal
    {
        public override object Call(object?[] arguments) => (PickledTensor)arguments[0]!;
    }
}

/// <summary>Element type of a storage.</summary>
internal sealed record StorageType(ScalarType Type) : PickleGlobal;

/// <summary>A storage: one entry of the archive.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Key">The entry's name below <c>data/</c>.</param>
/// <param name="Elements">Length in elements.</param>
internal sealed record PickledStorage(ScalarType Type, string Key, long Elements)
{
    /// <param name="id">The persistent id: <c>('storage', type, key, location, elements)</c>.</param>
    public static PickledStorage Of(object?[] id) => id is ["storage", StorageType type, string key, string, long elements]
        ? new PickledStorage(type.Type, key, elements)
        : throw new InvalidDataException("its pickle has a persistent id that is no storage");
}

/// <summary>A tensor: a strided view of a storage.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Offset">First element.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">In elements.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
