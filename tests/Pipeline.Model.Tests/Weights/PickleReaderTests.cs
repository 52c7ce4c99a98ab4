using System.IO.Compression;
using System.Text;
using Pipeline.Model.Configuration;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.Model.Weights.Pickle;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

public sealed class PickleReaderTests
{
    public PickleReaderTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Published_bin_shards_hold_the_tensors_of_the_same_weights_in_safetensors()
    {
        string bin = ReferenceData.Folder("golden", "v2-bin"), safe = ReferenceData.Folder("golden", "v2-bf16");
        DragonflyConfig config = CheckpointFolder.ReadConfig(bin);
        using WeightFiles left = Checkpoint.Open(bin, config), right = Checkpoint.Open(safe, config);
        using DisposeScope scope = NewDisposeScope();

        Assert.All(DragonflyParameters.Of(config).Keys, name =>
            Assert.True(left.Read(name, ScalarType.BFloat16, CPU).equal(right.Read(name, ScalarType.BFloat16, CPU)).all().item<bool>(), name));
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0truetR.", "os.system")]
    [InlineData("cposix\nsystem\n(X\u0004\0\0\0truetR.", "posix.system")]
    [InlineData("cbuiltins\neval\n(X\u0001\0\0\01tR.", "builtins.eval")]
    [InlineData("(X\u0004\0\0\0trueios\nsystem\n.", "0x69 ('i')")]
    [InlineData("ccollections\nOrderedDict\n)\x81.", "0x81")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "damaged")]
    [InlineData("ctorch\nload\n)R.", "torch.load")]
    [InlineData("(.", "a mark stands where a value must")]
    [InlineData("}", "damaged")]
    [InlineData("X\xff\xff\xff\x7f.", "damaged")]
    public void A_pickle_that_wants_more_than_tensors_is_refused_by_name(string pickle, string words)
    {
        byte[] program = [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)];

        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => new PickleReader(program).Read()).Message);
    }

    [Fact]
    public void A_bin_whose_pickle_calls_os_system_is_refused_and_nothing_runs()
    {
        using var checkpoint = new TinyCheckpoint();
        string proof = checkpoint.PathOf("ran"), command = $"touch {proof}";
        byte[] program = [0x80, 2, .. Encoding.Latin1.GetBytes("cos\nsystem\n(X"), .. BitConverter.GetBytes(command.Length), .. Encoding.ASCII.GetBytes(command), .. "tR."u8];
        string path = checkpoint.PathOf("pytorch_model.bin");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open())
        {
            entry.Write(program);
        }

        Assert.Contains("os.system", Assert.Throws<InvalidDataException>(() => WeightFile.Open(path)).Message);
        Assert.False(File.Exists(proof));
    }
}
