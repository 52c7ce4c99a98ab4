using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.Model.Weights.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

public sealed class TorchArchiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("archive");

    public TorchArchiveTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_state_dict_of_each_protocol_holds_its_tensors(int protocol)
    {
        using WeightFile file = Open(StateDictPickles.File(protocol).Build());
        using DisposeScope scope = NewDisposeScope();

        Assert.Equal(
            [
                "a.weight Float32 [3, 4]: 0 1 2 3 4 5 6 7 8 9 10 11", "bf16 BFloat16 [3]: 0 1 2", "empty BFloat16 [0, 3]: ", "row Float32 [4]: 4 5 6 7", "scalar BFloat16 []: 2",
                "tied.weight Float32 [3, 4]: 0 1 2 3 4 5 6 7 8 9 10 11", "transposed Float32 [4, 3]: 0 4 8 1 5 9 2 6 10 3 7 11",
            ],
            file.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Describe(pair.Key, pair.Value, file.Read(pair.Key))));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Copying_converts_whatever_the_strides_and_the_alignment(ScalarType type)
    {
        using WeightFile file = Open(StateDictPickles.File(2).Build());
        using DisposeScope scope = NewDisposeScope();

        Assert.All(file.Tensors, pair =>
        {
            Tensor copy = empty(pair.Value.Shape, type);
            file.CopyTo(pair.Key, copy);
            Assert.True(copy.equal(file.Read(pair.Key).to(type)).all().item<bool>(), pair.Key);
        });
    }

    [Fact]
    public void Tensors_that_share_a_storage_share_their_bytes_in_the_file()
    {
        var views = TorchArchive.Read(new MemoryStream(StateDictPickles.File(2).Build()));

        Assert.Equal(views["a.weight"].Offset, views["tied.weight"].Offset);
        Assert.Equal(views["a.weight"].Offset + 16, views["row"].Offset);
    }

    [Fact]
    public void A_compressed_entry_is_refused()
    {
        Assert.Contains("'data/0' compressed", Refusal(StateDictPickles.File(2).Replace("data/0", new byte[48], CompressionLevel.Optimal)));
        Assert.Contains("'data.pkl' compressed", Refusal(StateDictPickles.File(2).Replace("data.pkl", StateDictPickles.Pickle(2), CompressionLevel.Optimal)));
    }

    [Fact]
    public void A_compressed_entry_that_claims_equal_lengths_is_refused()
    {
        byte[] numbers = [.. Enumerable.Range(0, 48).Select(number => (byte)number)], file = StateDictPickles.File(2).Replace("data/0", numbers).Build();
        int directory = file.AsSpan().LastIndexOf("archive/data/0"u8) - 46;
        file[directory + 10] = 8; // deflated, says the directory, and nothing else

        Assert.Throws<InvalidDataException>(() => TorchArchive.Read(new MemoryStream(file)));
    }

    [Fact]
    public void Two_pickles_or_two_storages_of_one_name_are_refused()
    {
        Assert.Contains("'archive/data.pkl' twice", Refusal(StateDictPickles.File(2).Add("data.pkl", StateDictPickles.Pickle(2))));
        Assert.Contains("2 files named data.pkl", Refusal(StateDictPickles.File(2).Add("more/data.pkl", StateDictPickles.Pickle(2))));
        Assert.Contains("'archive/data/0' twice", Refusal(StateDictPickles.File(2).Add("data/0", new byte[48])));
    }

    [Fact]
    public void Big_endian_files_are_refused() =>
        Assert.Contains("byte order is 'big'", Refusal(StateDictPickles.File(2).Replace("byteorder", "big"u8)));

    [Fact]
    public void A_file_from_before_version_1_6_is_refused_in_words() =>
        Assert.Contains("before version 1.6", Refusal([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']));

    [Fact]
    public void Other_files_are_refused()
    {
        Assert.Contains("no zip", Refusal([]));
        Assert.Contains("no zip", Refusal("<!DOCTYPE html><p>Not found"u8.ToArray()));
        Assert.Contains("without a data.pkl", Refusal(new TorchArchiveBuilder().Add("readme", "text"u8)));
        Assert.Contains("no dictionary", Refusal(new TorchArchiveBuilder().Add("data.pkl", [0x80, 2, .. "]."u8])));
        Assert.Contains("'step', which is no tensor", Refusal(new TorchArchiveBuilder().Add("data.pkl", [0x80, 2, .. "}X\x04\0\0\0stepK\x07s."u8])));
    }

    [Theory]
    [InlineData("-1", "(I3\nI4\nt(I4\nI1\nt", "12")] // starts before its storage
    [InlineData("1", "(I3\nI4\nt(I4\nI1\nt", "12")] // ends behind it
    [InlineData("0", "(I-3\nI4\nt(I4\nI1\nt", "12")]
    [InlineData("0", "(I3\nI4\nt(I-4\nI1\nt", "12")]
    [InlineData("0", "(I3\nI4\nt(I1\nt", "12")] // fewer strides than sizes
    [InlineData("0", "(I4294967296\nI4294967296\nt(I0\nI0\nt", "12")] // 2⁶⁴ times the same element
    [InlineData("0", "(I1000000\nt(I0\nt", "12")]
    [InlineData("0", "(I2\nI2\nt(I4611686018427387904\nI4611686018427387904\nt", "12")]
    [InlineData("0", "(I0\nI4611686018427387904\nI4611686018427387904\nt(I1\nI1\nI1\nt", "12")] // empty, but no strides are that long
    [InlineData("9223372036854775807", "(I3\nI4\nt(I4\nI1\nt", "12")]
    [InlineData("0", "(I3\nI4\nt(I4\nI1\nt", "13")] // more elements than the entry has bytes for
    [InlineData("0", "(I3\nI4\nt(I4\nI1\nt", "4611686018427387904")]
    [InlineData("0", "(I0\nt(I1\nt", "-1")]
    public void A_tensor_that_leaves_its_storage_is_refused(string offset, string shapeAndStrides, string elements)
    {
        string pickle = "}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu"
            + $"I{elements}\ntQI{offset}\n{shapeAndStrides}tRs.";

        Assert.Contains("does not fit its storage", Refusal(StateDictPickles.File(2).Replace("data.pkl", [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)])));
    }

    [Fact]
    public void A_storage_that_is_missing_or_cut_off_is_refused()
    {
        Assert.Contains("which the zip lacks", Refusal(new TorchArchiveBuilder().Add("data.pkl", StateDictPickles.Pickle(2))));
        Assert.Contains("does not fit its storage", Refusal(StateDictPickles.File(2).Replace("data/0", new byte[47])));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Refusal(TorchArchiveBuilder file) => Refusal(file.Build());

    private string Refusal(byte[] file) => Assert.Throws<InvalidDataException>(() => Open(file)).Message;

    private WeightFile Open(byte[] content)
    {
        string path = Path.Combine(_folder.FullName, "model.bin");
        File.WriteAllBytes(path, content);
        return WeightFile.Open(path);
    }

    private static string Describe(string name, StoredTensor stored, Tensor tensor)
    {
        Assert.Equal(stored.Shape, tensor.shape);
        Assert.Equal(stored.Type, tensor.dtype);
        Assert.True(tensor.is_contiguous());
        var numbers = tensor.to(ScalarType.Float32).data<float>().Select(number => number.ToString(CultureInfo.InvariantCulture));
        return $"{name} {stored.Type} [{string.Join(", ", stored.Shape)}]: {string.Join(' ', numbers)}";
    }
}
