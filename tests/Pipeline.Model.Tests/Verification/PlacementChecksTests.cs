using System.Text.Json.Nodes;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Tests.Golden;
using Pipeline.Model.Verification;

namespace Pipeline.Model.Tests.Verification;

/// <summary>What <c>pipeline verify --device … --dtype … --quantization …</c> runs, on the excerpt that is committed.</summary>
public sealed class PlacementChecksTests : IDisposable
{
    private static readonly string[] s_versions = ["v1", "v2"];
    private static readonly EngineOptions s_float32 = new() { Device = "cpu", Dtype = EngineType.Float32 };

    private readonly DirectoryInfo _golden = Directory.CreateTempSubdirectory("golden");

    public PlacementChecksTests()
    {
        Directory.CreateDirectory(PathOf("images"));
        File.Copy(GoldenExcerpt.Image, PathOf("images", "square.png"));
        Array.ForEach(s_versions, LayOut);
    }

    [Fact]
    public void In_float32_the_tokens_are_the_references()
    {
        var results = ReferenceVerifier.RunOn(_golden.FullName, s_float32).ToList();

        Assert.Equal(
            s_versions.SelectMany(version => (string[])[$"{version} square: greedy tokens", $"{version} square: log-probabilities"]), results.Select(result => $"{result.Case} {result.Check}"));
        Assert.All(results, result => Assert.Equal(Verdict.Passed, result.Verdict));
    }

    [Theory]
    [InlineData(EngineType.Bfloat16, Quantization.None)]
    [InlineData(EngineType.Float32, Quantization.Int8)]
    [InlineData(EngineType.Bfloat16, Quantization.Int8)]
    public void In_narrower_numbers_answers_are_near_and_not_the_same(EngineType dtype, Quantization quantization)
    {
        var results = ReferenceVerifier.RunOn(_golden.FullName, s_float32 with { Dtype = dtype, Quantization = quantization }).ToList();

        Assert.Equal(2 * s_versions.Length, results.Count);
        Assert.All(results, result => Assert.Equal(Verdict.Passed, result.Verdict));
        Assert.All(results.Where(result => result.Check.Contains("log-probability", StringComparison.Ordinal)), result => Assert.True(result.Error > 0));
    }

    [Theory]
    [InlineData(EngineType.Float32, "square: log-probabilities")]
    [InlineData(EngineType.Bfloat16, "square: log-probability of the likeliest, mean of 32")]
    public void Other_log_probabilities_than_the_references_are_a_failure(EngineType dtype, string check)
    {
        Edit(PathOf("v1", "cases", "square.json"), json =>
        {
            JsonArray all = json["generate"]!["logprobs"]!.AsArray();
            json["generate"]!["logprobs"] = new JsonArray([.. all.Select(value => (JsonNode)(value!.GetValue<double>() - 3))]);
        });

        CheckResult failed = Assert.Single(ReferenceVerifier.RunOn(_golden.FullName, s_float32 with { Dtype = dtype }), result => result.Verdict == Verdict.Failed);

        Assert.Equal(("v1", check), (failed.Case, failed.Check));
        Assert.Equal(3, failed.Error!.Value, 0.5);
    }

    [Fact]
    public void A_device_that_is_none_is_told_with_those_that_there_are()
    {
        var results = ReferenceVerifier.RunOn(_golden.FullName, s_float32 with { Device = "tpu" }).ToList();

        Assert.Equal(s_versions, results.Select(result => result.Case));
        Assert.All(results, result =>
        {
            Assert.Equal(Verdict.Failed, result.Verdict);
            Assert.Contains("'tpu' is no device: write auto, cpu, cuda", result.Note, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_folder_without_cases_is_refused_by_name()
    {
        string images = PathOf("images");

        Assert.Contains(images, Assert.Throws<DirectoryNotFoundException>(() => ReferenceVerifier.RunOn(images, s_float32)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _golden.Delete(recursive: true);

    /// <summary>In the golden data's layout.</summary>
    private void LayOut(string version)
    {
        string model = PathOf(version, "model");
        GoldenExcerpt.Unpack(version, model);
        WriteTokenizer(Path.Combine(model, "tokenizer.json"));
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(model, "case.json")))!;
        Directory.CreateDirectory(PathOf(version, "cases"));
        File.WriteAllText(PathOf(version, "cases", "square.json"), new JsonObject
        {
            ["image"] = "images/square.png",
            ["prompt_token_ids"] = golden["prompt_token_ids"]!.DeepClone(),
            ["generate"] = new JsonObject
            {
                ["tokens"] = golden["tokens"]!.DeepClone(),
                ["logprobs"] = golden["logprobs"]!.DeepClone(),
                ["top5_ids"] = new JsonArray(),
                ["top5_logits"] = new JsonArray(),
            },
        }.ToJsonString());
    }

    /// <summary>The excerpt leaves its tokenizer out; of it only the ids of special tokens count here.</summary>
    private static void WriteTokenizer(string file)
    {
        File.Copy(Path.Combine(TinyCheckpoint.Shipped, "tokenizer.json"), file);
        Edit(file, json => json["added_tokens"] = new JsonArray(Special(1000, "begin_of_text"), Special(1002, "reserved_special_token_0"), Special(1003, "reserved_special_token_1"), Special(1009, "eot_id")));
    }

    private static JsonObject Special(int id, string name) => new() { ["id"] = id, ["content"] = $"<|{name}|>", ["special"] = true };

    private static void Edit(string file, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }

    private string PathOf(params string[] parts) => Path.Combine([_golden.FullName, .. parts]);
}
