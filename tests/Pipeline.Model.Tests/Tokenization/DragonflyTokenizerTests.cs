using System.Text.Json;
using Pipeline.Model.Tests.Golden;
using Pipeline.Model.Tokenization;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Tokenization;

public sealed class DragonflyTokenizerTests
{
    private static readonly Lazy<DragonflyTokenizer> Llama = new(() => DragonflyTokenizer.Load(ReferenceData.Folder("tokenizer", "llama3")));

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
            Assert.Equal(vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), Llama.Value.Encode(text));
            Assert.Equal(text, Llama.Value.Decode(Llama.Value.Encode(text), withSpecialTokens: true));
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Prompts_of_the_golden_cases_get_the_references_ids(string version)
    {
        var tokenizer = DragonflyTokenizer.Load(ReferenceData.Folder("golden", version, "model"));
        foreach (var name in version == "v1" ? GoldenCase.V1Names : GoldenCase.V2Names)
        {
            var golden = GoldenCase.Read(version, name);
            Assert.Equal<IEnumerable<int>>(golden.PromptIds, [tokenizer.SpecialTokenId("<|begin_of_text|>"), .. tokenizer.Encode(golden.Prompt)]);
        }
    }
}
