using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>Where one tensor lies in a safetensors file.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Row-major.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Bytes">Length.</param>
internal sealed record SafetensorsEntry(ScalarType Type, long[] Shape, long Offset, long Bytes) : StoredTensor(Type, Shape);

/// <summary>Header of a safetensors file: 8 bytes of length, then JSON. Format: https://github.com/huggingface/safetensors#format.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own limit.</summary>
    private const long MaxHeaderBytes = 100_000_000;

    /// <exception cref="InvalidDataException">The header breaks the format; the message says how.</exception>
    public static Dictionary<string, SafetensorsEntry> Read(Stream file)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (file.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new InvalidDataException("it is shorter than the 8 bytes of a safetensors header length");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > MaxHeaderBytes || length > file.Length - 8)
        {
            throw new InvalidDataException($"its header claims {length} bytes of a file of {file.Length}");
        }

        byte[] json = new byte[length];
        file.ReadExactly(json);
        try
        {
            using var header = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return Entries(header.RootElement, dataStart: 8 + length, dataBytes: file.Length - 8 - length);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"its header is not JSON: {e.Message}", e);
        }
    }

    private static Dictionary<string, SafetensorsEntry> Entries(JsonElement header, long dataStart, long dataBytes)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("its header is not a JSON object");
        }

        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name != "__metadata__" && !entries.TryAdd(property.Name, Entry(property, dataStart, dataBytes)))
            {
                throw new InvalidDataException($"tensor '{property.Name}' is named twice");
            }
        }

        long end = dataStart;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.Bytes))
        {
            if (entry.Offset != end)
            {
                throw new InvalidDataException($"tensor '{name}' starts at byte {entry.Offset}, and the one before it ends at {end}");
            }

            end = entry.Offset + entry.Bytes;
        }

        return end == dataStart + dataBytes ? entries : throw new InvalidDataException($"its tensors end at byte {end}, and the file at {dataStart + dataBytes}");
    }

    private static SafetensorsEntry Entry(JsonProperty property, long dataStart, long dataBytes)
    {
        try
        {
            JsonElement value = property.Value;
            ScalarType type = ElementType(value.GetProperty("dtype").GetString());
            long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            JsonElement offsets = value.GetProperty("data_offsets");
            long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
            if (offsets.GetArrayLength() != 2 || begin < 0 || end < begin || end > dataBytes)
            {
                throw new InvalidDataException($"tensor '{property.Name}' lies at bytes {begin} to {end} of {dataBytes}");
            }

            long elements = 1;
            foreach (long size in shape)
            {
                elements = size >= 0 ? checked(elements * size) : throw new InvalidDataException($"tensor '{property.Name}' has a negative size {size}");
            }

            return checked(elements * type.ElementSize()) == end - begin
                ? new SafetensorsEntry(type, shape, dataStart + begin, end - begin)
                : throw new InvalidDataException($"tensor '{property.Name}' of shape [{string.Join(", ", shape)}] and type {type} does not take {end - begin} bytes");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"tensor '{property.Name}' has no readable dtype, shape and data_offsets: {e.Message}", e);
        }
    }

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
        _ => throw new InvalidDataException($"element type '{name}' is not supported; known are F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL"),
    };
}
