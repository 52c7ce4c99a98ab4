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
    [InlineData("(X\u0004\0\0\0trueios\nsystem\n.", "INST (0x69)")]
    [InlineData("ccollections\nOrderedDict\n)\x81.", "NEWOBJ (0x81)")]
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

    [Theory]
    [InlineData('1', "POP_MARK")]
    [InlineData('2', "DUP")]
    [InlineData('B', "BINBYTES")]
    [InlineData('C', "SHORT_BINBYTES")]
    [InlineData('F', "FLOAT")]
    [InlineData('L', "LONG")]
    [InlineData('P', "PERSID")]
    [InlineData('S', "STRING")]
    [InlineData('T', "BINSTRING")]
    [InlineData('U', "SHORT_BINSTRING")]
    [InlineData('V', "UNICODE")]
    [InlineData('d', "DICT")]
    [InlineData('g', "GET")]
    [InlineData('i', "INST")]
    [InlineData('l', "LIST")]
    [InlineData('o', "OBJ")]
    [InlineData('p', "PUT")]
    [InlineData('\x81', "NEWOBJ")]
    [InlineData('\x82', "EXT1")]
    [InlineData('\x83', "EXT2")]
    [InlineData('\x84', "EXT4")]
    [InlineData('\x8b', "LONG4")]
    [InlineData('\x8d', "BINUNICODE8")]
    [InlineData('\x8e', "BINBYTES8")]
    [InlineData('\x8f', "EMPTY_SET")]
    [InlineData('\x90', "ADDITEMS")]
    [InlineData('\x91', "FROZENSET")]
    [InlineData('\x92', "NEWOBJ_EX")]
    [InlineData('\x96', "BYTEARRAY8")]
    [InlineData('\x97', "NEXT_BUFFER")]
    [InlineData('\x98', "READONLY_BUFFER")]
    [InlineData('\0', "0x00")]
    [InlineData('\xff', "0xff")]
    public void An_opcode_that_tensors_do_not_need_is_refused_by_name(char opcode, string name) =>
        Assert.Contains($"opcode {name}", Refusal($"}}{opcode}."));

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("subprocess", "Popen")]
    [InlineData("subprocess", "check_output")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("__builtin__", "eval")]
    [InlineData("torch.hub", "load")]
    [InlineData("torch", "load")]
    [InlineData("runpy", "run_path")]
    [InlineData("webbrowser", "open")]
    [InlineData("collections", "OrderedDict.__init__")]
    [InlineData("torch._utils", "_rebuild_tensor_v2 ")]
    public void A_global_that_tensors_do_not_need_is_refused_by_name_whichever_opcode_asks_for_it(string module, string name)
    {
        string stacked = $"\x8c{(char)module.Length}{module}\x8c{(char)name.Length}{name}\x93.";

        Assert.Contains($"'{module}.{name}', which no tensor needs; it was not executed", Refusal($"c{module}\n{name}\n."));
        Assert.Contains($"'{module}.{name}', which no tensor needs; it was not executed", Refusal(stacked));
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("subprocess", "getoutput")]
    [InlineData("builtins", "eval")]
    public void A_bin_whose_pickle_runs_a_command_is_refused_and_nothing_runs(string module, string function)
    {
        using var checkpoint = new TinyCheckpoint();
        string proof = checkpoint.PathOf("ran"), command = function == "eval" ? $"open('{proof}', 'w')" : $"touch {proof}";
        byte[] call = Encoding.ASCII.GetBytes($"c{module}\n{function}\n(X"), argument = Encoding.ASCII.GetBytes(command);
        byte[] program = [0x80, 2, .. call, .. BitConverter.GetBytes(argument.Length), .. argument, .. "tR."u8];
        string path = checkpoint.PathOf("pytorch_model.bin");
        File.WriteAllBytes(path, new TorchArchiveBuilder().Add("data.pkl", program).Build());

        Assert.Contains($"{module}.{function}", Assert.Throws<InvalidDataException>(() => WeightFile.Open(path)).Message);
        Assert.False(File.Exists(proof));
    }

    [Fact]
    public void A_pickle_can_not_make_work_or_memory_out_of_little()
    {
        string wide = "(" + string.Concat(Enumerable.Repeat("K\u0001", 100_000)) + "t"; // one tuple, named again and again as shape and strides
        string tensor = "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQK\0h\0h\0tR";
        string nested = string.Concat(Enumerable.Repeat("h\0h\0\x86q\0", 64)); // each holds the one before twice: 2⁶⁴ leaves to whoever walks them

        Assert.Contains("more than 8 dimensions", Refusal(wide + "q\0" + tensor + "."));
        Assert.Contains("keeps a value as number 0 after 1", Refusal(")q\0" + nested + "."));
        Assert.Contains("keeps a value as number 255", Refusal(")q\xff."));
        Assert.Contains("more than 3000000 opcodes", Refusal(new string('}', 4_000_000) + "."));
        Assert.Contains("damaged", Refusal("X\xff\xff\xff\x7f" + "short."));
        Assert.Contains("'a' twice", Refusal("}(X\u0001\0\0\0aNX\u0001\0\0\0aNu."));
        Assert.Contains("damaged", Refusal("}(K\u0001Nu.")); // a number for a name: its hash would be of the file's choosing
    }

    [Fact]
    public void A_message_shows_no_more_of_a_file_than_a_line()
    {
        string message = Refusal("cos\a\n" + new string('x', 1_000_000) + "\n.");

        Assert.InRange(message.Length, 1, 300);
        Assert.DoesNotContain('\a', message);
    }

    private static string Refusal(string pickle) =>
        Assert.Throws<InvalidDataException>(() => new PickleReader((byte[])[0x80, 2, .. Encoding.Latin1.GetBytes(pickle)]).Read()).Message;
}
