using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>Writes a safetensors file; format: https://github.com/huggingface/safetensors#format.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes tensors in ordinal order of their names, whole or not at all.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="tensors">Contiguous, on the CPU, F32 or BF16, each below 2 GiB.</param>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        string[] names = [.. tensors.Keys.Order(StringComparer.Ordinal)];
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
        {
            byte[] header = Header(names, tensors);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header);
            foreach (string name in names)
            {
                file.Write(tensors[name].bytes);
            }
        }

        File.Move(partial, path, overwrite: true);
    }

    private static byte[] Header(string[] names, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            writer.WriteEndObject();
            long offset = 0;
            foreach (string name in names)
            {
                Tensor tensor = tensors[name];
                writer.WriteStartObject(name);
                writer.WriteString("dtype", tensor.dtype switch
                {
                    ScalarType.Float32 => "F32",
                    ScalarType.BFloat16 => "BF16",
                    _ => throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}; F32 and BF16 can be written.", nameof(tensors)),
                });
                WriteNumbers(writer, "shape", tensor.shape);
                WriteNumbers(writer, "data_offsets", [offset, offset += tensor.bytes.Length]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0)
        {
            json.WriteByte((byte)' '); // so that the data starts aligned
        }

        return json.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
