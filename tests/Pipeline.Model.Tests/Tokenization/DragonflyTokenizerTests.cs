using System.Text.Json;
using Pipeline.Model.Tests.Golden;
using Pipeline.Model.Tokenization;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Tokenization;

public sealed class DragonflyTokenizerTests
{
    private static readonly Lazy<DragonflyTokenizer> Llama =
        new(() => DragonflyTokenizer.Load(ReferenceData.Folder("tokenizer", "llama3")));
    private static readonly Lazy<DragonflyTokenizer> Tiny = new(() => DragonflyTokenizer.Load(TinyCheckpoint.Shipped));

    [Theory]
    [InlineData("upstream_vectors")]
    [InlineData("own_vectors")]
    public void Published_vectors_are_met_both_ways(string list)
    {
        var json = JsonDocument.Parse(File.ReadAllBytes(ReferenceData.Folder("tokenizer", "llama3", "vectors.json"))).RootElement;
        var vectors = json.GetProperty(list).EnumerateArray().ToList();
        Assert.True(vectors.Count > 20, $"only {vectors.Count} vectors");
        foreach (var vector in vectors)
        {
            var text = vector.GetProperty("text").GetString()!;
            var ids = Numbers(vector.GetProperty("ids"));
            Assert.Equal(ids, Llama.Value.Encode(text));
            Assert.Equal(text, Llama.Value.Decode(ids, withSpecialTokens: true));
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Golden_prompts_and_answers_are_the_references(string version)
    {
        var tokenizer = DragonflyTokenizer.Load(ReferenceData.Folder("golden", version, "model"));
        foreach (var name in version == "v1" ? GoldenCases.V1Names : GoldenCases.V2Names)
        {
            var file = ReferenceData.Folder("golden", version, "cases", $"{name}.json");
            var golden = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            var prompt = golden.GetProperty("prompt").GetString()!;
            var ids = tokenizer.Encode(prompt).Prepend(tokenizer.SpecialTokenId("<|begin_of_text|>"));
            Assert.Equal(Numbers(golden.GetProperty("prompt_token_ids")), ids);

            var answer = golden.GetProperty("generate");
            Assert.Equal(answer.GetProperty("text").GetString(), tokenizer.Decode(Numbers(answer.GetProperty("tokens")), withSpecialTokens: true));
        }
    }

    [Fact]
    public void Special_tokens_are_recognised_anywhere_and_left_out_of_text()
    {
        var ids = Tiny.Value.Encode("a<|eot_id|><|eot_id|>b<|no_such|>");
        Assert.Equal(2, ids.Count(id => id == Tiny.Value.SpecialTokenId("<|eot_id|>")));
        Assert.Equal("ab<|no_such|>", Tiny.Value.Decode(ids));
        Assert.Equal("a<|eot_id|><|eot_id|>b<|no_such|>", Tiny.Value.Decode(ids, withSpecialTokens: true));
        var missing = Assert.Throws<InvalidDataException>(() => Tiny.Value.SpecialTokenId("<|no_such|>"));
        Assert.Contains("<|no_such|>", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_special_tokens_that_begin_alike_the_longest_counts()
    {
        var one = Llama.Value.SpecialTokenId("<|reserved_special_token_1|>");
        var ten = Llama.Value.SpecialTokenId("<|reserved_special_token_10|>");
        Assert.Equal([ten, one], Llama.Value.Encode("<|reserved_special_token_10|><|reserved_special_token_1|>"));
    }

    [Fact]
    public void A_character_cut_between_tokens_becomes_replacement_characters_until_it_is_whole()
    {
        var ids = Tiny.Value.Encode("é😀!");
        Assert.Equal("é😀!", Tiny.Value.Decode(ids));
        var texts = Enumerable.Range(0, ids.Count + 1).Select(count => Tiny.Value.Decode(ids.Take(count))).ToList();
        Assert.Contains(texts, text => text.EndsWith('\uFFFD'));
        Assert.All(texts, text => Assert.InRange(text.Count(letter => letter == '\uFFFD'), 0, 1));
        // A stray continuation byte is one replacement character.
        var continuation = Tiny.Value.Encode("😀")[^1];
        Assert.Equal("\uFFFD!", Tiny.Value.Decode([continuation, .. Tiny.Value.Encode("!")]));
    }

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character() =>
        Assert.Equal(Tiny.Value.Encode("a\uFFFDb"), Tiny.Value.Encode("a\uD83Db"));

    [Fact]
    public void Ids_without_a_token_are_left_out() =>
        Assert.Equal("hi", Tiny.Value.Decode([.. Tiny.Value.Encode("h"), Tiny.Value.VocabularySize + 5, -1, .. Tiny.Value.Encode("i")]));

    [Fact]
    public void The_vocabulary_counts_entries_and_special_tokens() => Assert.Equal(128_256, Llama.Value.VocabularySize);

    [Fact]
    public void A_million_letters_without_a_space_take_no_quadratic_time()
    {
        // The library alone takes minutes for this.
        var text = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => (char)('a' + (i * 7919L % 26))));
        Assert.Equal(text, Tiny.Value.Decode(Tiny.Value.Encode(text)));
    }

    private static IEnumerable<int> Numbers(JsonElement numbers) => numbers.EnumerateArray().Select(number => number.GetInt32());
}
