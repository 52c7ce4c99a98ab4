using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Writes tensors as torch.save does a plain dictionary of them: pickle protocol 2, a storage a tensor.</summary>
internal static class TorchArchiveWriter
{
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2, (byte)'}', (byte)'(']);
        foreach (var (index, (name, tensor)) in tensors.Index())
        {
            using (Stream storage = zip.CreateEntry($"archive/data/{index}", CompressionLevel.NoCompression).Open())
            {
                storage.Write(tensor.bytes);
            }

            string type = tensor.dtype switch
            {
                ScalarType.Float32 => "FloatStorage",
                ScalarType.BFloat16 => "BFloat16Storage",
                _ => throw new ArgumentException(name),
            };
            Text(pickle, name);
            pickle.Write(Encoding.ASCII.GetBytes("ctorch._utils\n_rebuild_tensor_v2\n(("));
            Text(pickle, "storage");
            pickle.Write(Encoding.ASCII.GetBytes($"ctorch\n{type}\n"));
            Text(pickle, $"{index}");
            Text(pickle, "cpu");
            pickle.Write(Encoding.ASCII.GetBytes(
                $"I{tensor.NumberOfElements}\ntQI0\n{Tuple(tensor.shape)}{Tuple(tensor.stride())}Nccollections\nOrderedDict\n)RtR"));
        }

        pickle.Write("u."u8);
        using Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open();
        entry.Write(pickle.ToArray());
    }

    private static string Tuple(long[] numbers) => $"({string.Concat(numbers.Select(number => $"I{number}\n"))}t";

    private static void Text(MemoryStream pickle, string text)
    {
        pickle.WriteByte((byte)'X');
        pickle.Write(BitConverter.GetBytes(text.Length));
        pickle.Write(Encoding.ASCII.GetBytes(text));
    }
}
