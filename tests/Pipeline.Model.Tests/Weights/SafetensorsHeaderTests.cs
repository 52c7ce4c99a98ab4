using System.Text;
using Pipeline.Model.Weights;

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
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "named twice")]
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

    private static MemoryStream File(string json, int dataBytes)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[dataBytes]]);
    }
}
