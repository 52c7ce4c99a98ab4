using System.Text;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

public sealed class SafetensorsHeaderTests
{
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not take 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "lies at bytes -4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "negative size -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "no readable dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "starts at byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "starts at byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 12, "its tensors end at byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "Duplicate property 'a'")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", 4, "Duplicate property 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}""", 4, "lies at bytes 0 to 9223372036854775807 of 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4, "no readable dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "lies at bytes 4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "lies at bytes 0 to 8 of 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "at most 2 make sense")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "other than 2 data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "no readable dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0, "no readable dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "at most 8 make sense")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not JSON")]
    [InlineData("""{"a":[[[[[[[[[]]]]]]]]]}""", 0, "not JSON")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "'C64' is not supported")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "no readable dtype, shape and data_offsets")]
    [InlineData("""{"a":7}""", 4, "no readable dtype")]
    [InlineData("""[1]""", 0, "not a JSON object")]
    [InlineData("""{"a":""", 0, "not JSON")]
    public void A_header_that_breaks_the_format_is_refused_in_words(string json, int dataBytes, string words)
    {
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(File(json, dataBytes))).Message);
    }

    [Fact]
    public void Metadata_is_no_tensor_and_an_empty_tensor_is_one()
    {
        var entries = SafetensorsHeader.Read(File("""{"__metadata__":{"format":"pt"},"e":{"dtype":"BF16","shape":[0,3],"data_offsets":[0,0]},"s":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""", 8));

        Assert.Equal(["e", "s"], entries.Keys.Order());
        Assert.Empty(entries["s"].Shape);
    }

    [Fact]
    public void A_header_of_100_MB_is_refused_unread()
    {
        const int header = 100_000_000;
        using var file = new MemoryStream(new byte[8 + header]);
        file.Write(BitConverter.GetBytes((long)header));
        file.Position = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("its header has 100000000 bytes; more than 16777216 are not read", Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(file)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_small_file_that_claims_a_long_header_is_refused(long claim)
    {
        using var file = new MemoryStream([.. BitConverter.GetBytes(claim), .. "{}"u8]);

        Assert.Contains($"claims {claim} bytes of a file of 10", Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(file)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Data_that_is_not_aligned_reads_the_same(int padding)
    {
        TorchRuntime.EnsureLoaded();
        byte[] header = Encoding.UTF8.GetBytes("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" + new string(' ', padding));
        string path = Path.GetTempFileName() + ".safetensors";
        System.IO.File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. header, .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f)]);
        try
        {
            using var file = WeightFile.Open(path);
            using Tensor read = file.Read("a"), copy = empty([2], ScalarType.Float64);
            file.CopyTo("a", copy);

            Assert.Equal([1.5f, -2f], read.data<float>());
            Assert.Equal([1.5, -2], copy.data<double>());
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static MemoryStream File(string json, int dataBytes)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[dataBytes]]);
    }
}
