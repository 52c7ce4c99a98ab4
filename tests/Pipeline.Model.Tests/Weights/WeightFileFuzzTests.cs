using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using Pipeline.Model.Weights.Pickle;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

/// <summary>
/// 120,000 damaged files. Each is read, or refused as <see cref="InvalidDataException"/>, without crash or hang and with memory in
/// proportion to its size. A seed stands for one file: a failure prints it, and <c>Mutate(new Random(seed))</c> brings the file back.
/// </summary>
public sealed class WeightFileFuzzTests : IDisposable
{
    private const int FilesOfEachForm = 60_000;

    /// <summary>What one file may make the reader allocate: fixed buffers of the zip and JSON libraries, and so much for each byte of it.</summary>
    private const int FixedBytes = 400_000, BytesPerByte = 128;

    /// <summary>Every so many readable files, one is written to disk, opened and all its tensors summed.</summary>
    private const int FilesPerDeepRead = 50;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fuzz");

    public WeightFileFuzzTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public Task Damaged_safetensors_files_are_read_or_refused() => Fuzz(SafetensorsMutations.Mutate, SafetensorsHeader.Read, "model.safetensors");

    [Fact]
    public Task Damaged_files_of_torch_save_are_read_or_refused() => Fuzz(TorchArchiveMutations.Mutate, TorchArchive.Read, "model.bin");

    /// <summary>The costliest a byte can be: an empty dictionary, one that is kept as well, numbers on the stack, tokens of JSON.</summary>
    [Theory]
    [InlineData("}")]
    [InlineData("}\x94")]
    [InlineData("]\x94")]
    [InlineData("N")]
    [InlineData("K\x07")]
    [InlineData("(tN\x86")]
    public void Memory_grows_with_a_pickle_by_a_constant_factor(string repeated)
    {
        byte[] pickle = [0x80, 2, .. Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length))), (byte)'.'];

        _ = TryRead(TorchArchive.Read, new TorchArchiveBuilder().Add("data.pkl", pickle).Build(), "The file", out _);
    }

    [Theory]
    [InlineData("0,")]
    [InlineData("[],")]
    [InlineData("{},")]
    [InlineData("{\"a\":[]},")]
    public void Memory_grows_with_a_header_by_a_constant_factor(string repeated)
    {
        string header = $"{{\"a\":[{string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length))}0]}}";

        _ = TryRead(SafetensorsHeader.Read, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header)], "The file", out _);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task Fuzz(Func<Random, byte[]> mutate, Func<Stream, Dictionary<string, TensorView>> read, string fileName)
    {
        int seed = 0, readable = 0;
        Task all = Task.Run(() =>
        {
            for (; seed < FilesOfEachForm; seed++)
            {
                byte[] file = mutate(new Random(seed));
                bool accepted = TryRead(read, file, $"Seed {seed}", out Dictionary<string, TensorView>? tensors);
                if (accepted)
                {
                    Assert.All(tensors!, pair => AssertInside(pair.Value, file.Length, $"Seed {seed}, tensor '{pair.Key}'"));
                    if (readable++ % FilesPerDeepRead == 0)
                    {
                        ReadAll(file, Path.Combine(_folder.FullName, fileName), tensors!.Count);
                    }
                }
            }
        });
        Assert.True(await Task.WhenAny(all, Task.Delay(s_patience, TestContext.Current.CancellationToken)) == all, $"Seed {seed} hangs.");
        await all;
        Assert.InRange(readable, FilesOfEachForm / 100, FilesOfEachForm / 2); // damage that is always, or never, noticed tests little
        TestContext.Current.SendDiagnosticMessage($"{FilesOfEachForm} files, {readable} of them readable");
    }

    /// <summary>Also asserts what every file must hold to: the kind of exception, and the memory taken.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Any other exception is the failure that this looks for.")]
    private static bool TryRead(Func<Stream, Dictionary<string, TensorView>> read, byte[] file, string what, out Dictionary<string, TensorView>? tensors)
    {
        tensors = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            tensors = read(new MemoryStream(file, writable: false));
        }
        catch (InvalidDataException)
        {
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what} threw {e.GetType()}.", e);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= FixedBytes + (BytesPerByte * (long)file.Length), $"{what} of {file.Length} bytes made the reader allocate {allocated}.");
        return tensors is not null;
    }

    /// <summary>Every element lies in the file, and no tensor has more of them than the file has bytes.</summary>
    private static void AssertInside(TensorView view, long fileBytes, string what)
    {
        long size = view.Type.ElementSize(), elements = TensorLayout.Elements(view.Shape);
        Assert.True(view.Offset >= 0 && view.Offset + (TensorLayout.Span(view.Shape, view.Strides) * size) <= fileBytes, $"{what} leaves the file.");
        Assert.True(elements * size <= fileBytes, $"{what} has {elements} elements, more than the file.");
    }

    private static void ReadAll(byte[] content, string path, int tensors)
    {
        File.WriteAllBytes(path, content);
        using var file = WeightFile.Open(path);
        Assert.Equal(tensors, file.Tensors.Count);
        foreach (var (name, stored) in file.Tensors)
        {
            using Tensor read = file.Read(name), copy = empty(stored.Shape, ScalarType.Float64), sum = read.to(ScalarType.Float64).sum();
            file.CopyTo(name, copy);
            Assert.True(copy.sum().allclose(sum, equal_nan: true), name);
        }
    }
}
