using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Storage;

namespace Pipeline.Jobs.Tests.Planning;

public sealed class ModelRevisionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ModelRevisionTests()
    {
        Directory.CreateDirectory(folder.In("clip"));
        Write("config.json", "{}");
        Write("clip/config.json", "{ }");
        Write("model-00001-of-00002.safetensors", "weights");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_is_the_hash_of_sorted_names_and_content_hashes()
    {
        var lines = string.Concat(
            new[] { ("clip/config.json", "{ }"), ("config.json", "{}"), ("model-00001-of-00002.safetensors", "weights") }
                .Select(file => $"{file.Item1}\0{Hash(file.Item2)}\n"));

        Assert.Equal(Hash(lines), await RevisionAsync());
    }

    [Theory]
    [InlineData("config.json", "{\"a\":1}")]
    [InlineData("clip/config.json", "{}")]
    [InlineData("model-00001-of-00002.safetensors", "Weights")]
    [InlineData("tokenizer.json", "{}")]
    [InlineData("pytorch_model.bin", "weights")]
    public async Task It_changes_with_any_file_that_counts(string file, string content)
    {
        var before = await RevisionAsync();

        Write(file, content);

        Assert.NotEqual(before, await RevisionAsync());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData(".gitattributes")]
    [InlineData(".cache/config.json")]
    public async Task Other_files_do_not_count(string file)
    {
        var before = await RevisionAsync();

        Write(file, "text");

        Assert.Equal(before, await RevisionAsync());
    }

    [Fact]
    public async Task A_renamed_file_is_another_revision()
    {
        var before = await RevisionAsync();

        File.Move(folder.In("model-00001-of-00002.safetensors"), folder.In("model.safetensors"));

        Assert.NotEqual(before, await RevisionAsync());
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_holds_no_checkpoint_is_a_fault()
    {
        Directory.CreateDirectory(folder.In("empty"));

        foreach (var name in (string[])["missing", "empty"])
        {
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => ModelRevision.ComputeAsync(folder.In(name), Stop));
            Assert.Equal(ObjectStoreFault.NotFound, fault.Fault);
            Assert.Contains(folder.In(name), fault.Message, StringComparison.Ordinal);
        }
    }

    private Task<string> RevisionAsync() => ModelRevision.ComputeAsync(folder.Path, Stop);

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.In(file))!);
        File.WriteAllText(folder.In(file), content);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
