using System.Text.Json.Nodes;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Tests.Tokenization;

public sealed class TokenizerCheckTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = new();

    [Theory]
    [InlineData("$.model.type", "\"Unigram\"", "'Unigram'")]
    [InlineData("$.model.ignore_merges", "false", "ignore_merges is false")]
    [InlineData("$.model.byte_fallback", "true", "byte_fallback is true")]
    [InlineData("$.model.dropout", "0.1", "dropout is 0.1")]
    [InlineData("$.model.end_of_word_suffix", "\"</w>\"", "</w>")]
    [InlineData("$.normalizer", """{"type":"NFC"}""", "normalizer")]
    [InlineData("$.pre_tokenizer", """{"type":"Whitespace"}""", "pre_tokenizer")]
    [InlineData("$.decoder", """{"type":"WordPiece"}""", "'WordPiece'")]
    [InlineData("$.added_tokens.0.lstrip", "true", "lstrip")]
    public void What_would_not_be_reproduced_is_refused_by_name(string path, string value, string named)
    {
        Change(root =>
        {
            var names = path.Split('.')[1..];
            var parent = names[..^1].Aggregate(root, (node, name) => node is JsonArray array ? array[int.Parse(name)]! : node[name]!);
            parent[names[^1]] = JsonNode.Parse(value);
        });
        AssertRefused(named);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        Change(root => (root["model"]!["byte_fallback"], root["decoder"]) = (true, null));
        var fault = AssertRefused("byte_fallback");
        Assert.Contains("decoder", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Merges_out_of_the_entries_order_are_refused()
    {
        Change(root =>
        {
            var merges = root["model"]!["merges"]!.AsArray();
            var last = merges[^1]!;
            merges.RemoveAt(merges.Count - 1);
            merges.Insert(0, last);
        });
        AssertRefused("breaks the order of ids");
    }

    [Fact]
    public void A_missing_merge_is_refused()
    {
        Change(root => root["model"]!["merges"]!.AsArray().RemoveAt(40));
        AssertRefused("no merge makes");
    }

    [Fact]
    public void A_merge_of_no_entries_is_refused()
    {
        Change(root => root["model"]!["merges"]!.AsArray().Add("qqq zzz"));
        AssertRefused("qqq zzz");
    }

    [Fact]
    public void A_missing_byte_is_refused()
    {
        Change(root => root["model"]!["vocab"]!.AsObject().Remove("!"));
        AssertRefused("byte 0x21");
    }

    [Fact]
    public void Merges_written_as_pairs_are_read_too()
    {
        var before = DragonflyTokenizer.Load(_checkpoint.Folder).Encode("What is in the image?");
        Change(root =>
        {
            var pairs = root["model"]!["merges"]!.AsArray().Select(merge => merge!.GetValue<string>().Split(' '));
            root["model"]!["merges"] = new JsonArray([.. pairs.Select(pair => new JsonArray(pair[0], pair[1]))]);
        });
        Assert.Equal(before, DragonflyTokenizer.Load(_checkpoint.Folder).Encode("What is in the image?"));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(_checkpoint.PathOf("tokenizer.json"));
        AssertRefused("is missing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"model":{"type":"BPE"}}""")]
    public void What_is_no_tokenizer_is_refused(string content)
    {
        File.WriteAllText(_checkpoint.PathOf("tokenizer.json"), content);
        AssertRefused("tokenizer.json");
    }

    public void Dispose() => _checkpoint.Dispose();

    private void Change(Action<JsonNode> change)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(_checkpoint.PathOf("tokenizer.json")))!;
        change(root);
        File.WriteAllText(_checkpoint.PathOf("tokenizer.json"), root.ToJsonString());
    }

    private string AssertRefused(string named)
    {
        var fault = Assert.Throws<InvalidDataException>(() => DragonflyTokenizer.Load(_checkpoint.Folder));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }
}
