using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>Header of a safetensors file: 8 bytes of length, then JSON. Format: https://github.com/huggingface/safetensors#format.</summary>
internal static class SafetensorsHeader
{
    // A name given twice, of a tensor or within one, means different things to different readers.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <param name="file">At its start; left open.</param>
    /// <returns>The tensors by name; each lies inside the file, and no two overlap.</returns>
    /// <exception cref="InvalidDataException">The header breaks the format; the message says how.</exception>
    public static Dictionary<string, TensorView> Read(Stream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (file.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new InvalidDataException("it is shorter than the 8 bytes of a safetensors header length");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > file.Length - 8)
        {
            throw new InvalidDataException($"its header claims {length} bytes of a file of {file.Length}");
        }

        if (length > WeightFile.MaxHeaderBytes)
        {
            throw new InvalidDataException($"its header has {length} bytes; more than {WeightFile.MaxHeaderBytes} are not read");
        }

        byte[] json = new byte[length];
        file.ReadExactly(json);
        try
        {
            using var header = JsonDocument.Parse(json, s_json);
            return Entries(header.RootElement, dataStart: 8 + length, dataBytes: file.Length - 8 - length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter of a name that isn't Unicode
        {
            throw new InvalidDataException($"its header is not JSON that names each tensor once: {UntrustedText.Printable(e.Message)}", e);
        }
    }

    private static Dictionary<string, TensorView> Entries(JsonElement header, long dataStart, long dataBytes)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("its header is not a JSON object");
        }

        var entries = header.EnumerateObject().Where(property => property.Name != "__metadata__")
            .ToDictionary(property => property.Name, property => Entry(property, dataStart, dataBytes), StringComparer.Ordinal);
        long end = dataStart;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Offset).ThenBy(pair => TensorLayout.Elements(pair.Value.Shape)))
        {
            if (entry.Offset != end)
            {
                throw new InvalidDataException($"tensor '{UntrustedText.Printable(name)}' starts at byte {entry.Offset}, and the one before it ends at {end}");
            }

            end = entry.Offset + (TensorLayout.Elements(entry.Shape) * entry.Type.ElementSize());
        }

        return end == dataStart + dataBytes ? entries : throw new InvalidDataException($"its tensors end at byte {end}, and the file at {dataStart + dataBytes}");
    }

    private static TensorView Entry(JsonProperty property, long dataStart, long dataBytes)
    {
        string name = UntrustedText.Printable(property.Name);
        try
        {
            ScalarType type = ElementType(property.Value.GetProperty("dtype").GetString());
            long[] shape = Numbers(property.Value.GetProperty("shape"), TensorLayout.MaxDimensions);
            if (Numbers(property.Value.GetProperty("data_offsets"), 2) is not [var begin, var end])
            {
                throw new InvalidDataException($"tensor '{name}' has other than 2 data_offsets");
            }

            if (begin < 0 || end < begin || end > dataBytes)
            {
                throw new InvalidDataException($"tensor '{name}' lies at bytes {begin} to {end} of {dataBytes}");
            }

            if (shape.Any(size => size < 0))
            {
                throw new InvalidDataException($"tensor '{name}' has a negative size {shape.Min()}");
            }

            return checked(TensorLayout.Elements(shape) * type.ElementSize()) == end - begin
                ? new TensorView(type, shape, TensorLayout.RowMajor(shape), dataStart + begin)
                : throw new InvalidDataException($"tensor '{name}' of shape [{string.Join(", ", shape)}] and type {type} does not take {end - begin} bytes");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"tensor '{name}' has no readable dtype, shape and data_offsets: {e.Message}", e);
        }
    }

    private static long[] Numbers(JsonElement array, int most) => array.GetArrayLength() <= most
        ? [.. array.EnumerateArray().Select(number => number.GetInt64())]
        : throw new FormatException($"an array of {array.GetArrayLength()} numbers, and at most {most} make sense");

    private static ScalarType ElementType(string? name) => name switch
    {
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "F64" => ScalarType.Float64,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new FormatException($"element type '{UntrustedText.Printable(name ?? "null")}' is not supported; known are F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL"),
    };
}
