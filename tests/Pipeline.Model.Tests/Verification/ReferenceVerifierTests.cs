using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Model.Verification;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Verification;

public sealed class ReferenceVerifierTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("golden");

    [Fact]
    public void Everything_the_reference_computed_is_computed_here_too()
    {
        string golden = ReferenceData.Folder("golden");

        var results = ReferenceVerifier.Run(golden, ReferenceData.Folder("tokenizer", "llama3")).ToList();

        string failures = string.Join(Environment.NewLine, results.Where(result => result.Verdict == Verdict.Failed).Select(Line));
        Assert.True(failures.Length == 0, failures);
        Assert.DoesNotContain(results, result => result.Verdict == Verdict.Skipped);
        Assert.All(["v1", "v2"], version => Assert.True(results.Count(result => result.Case == $"{version}/train_batch") > 90));
        var checks = results.Select(result => (result.Case, result.Check)).ToHashSet();
        Assert.All(CasesOf(golden, "v1"), name => Assert.Superset(
            new HashSet<string> { "input_ids", "greedy tokens", "selected crops", "uint8 crops" }, ChecksOf(checks, name)));
        Assert.All(CasesOf(golden, "v2"), name => Assert.Superset(
            new HashSet<string> { "input_ids", "greedy tokens", "uint8 crops" }, ChecksOf(checks, name)));
    }

    [Fact]
    public void A_wrong_token_a_wrong_pixel_and_a_wrong_number_are_found()
    {
        CopyCase("v1", "tiny");
        Edit("v1/cases/tiny.json", json =>
        {
            json["generate"]!["tokens"]![5] = 1;
            json["generate"]!["logprobs"]![0] = json["generate"]!["logprobs"]![0]!.GetValue<double>() + 0.01;
            json["crops"]![3]!["sha256_rgb_hwc_u8"] = new string('0', 64);
            json["selected_high_crops_sorted"]![0] = 23;
        });

        var failed = ReferenceVerifier.Run(_folder.FullName, null).Where(result => result.Verdict == Verdict.Failed).Select(result => result.Check);

        Assert.Equal(["greedy tokens", "log-probabilities", "selected crops", "top-5 logits", "uint8 crops"], failed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_case_that_can_not_be_read_is_a_failure_and_not_the_end()
    {
        CopyCase("v1", "tiny");
        File.WriteAllText(Path.Combine(_folder.FullName, "v1", "cases", "tiny.safetensors"), "no tensors");
        File.WriteAllText(Path.Combine(_folder.FullName, "v1", "cases", "train_batch.json"), "{}");

        var results = ReferenceVerifier.Run(_folder.FullName, null).ToList();

        Assert.Equal([Verdict.Failed, Verdict.Failed], results.Select(result => result.Verdict));
    }

    [Fact]
    public void A_folder_with_nothing_to_compare_is_refused_by_name()
    {
        Assert.Contains(_folder.FullName, Assert.Throws<DirectoryNotFoundException>(() => ReferenceVerifier.Run(_folder.FullName, null)).Message);
        Assert.Contains("/no/such", Assert.Throws<DirectoryNotFoundException>(() => ReferenceVerifier.Run("/no/such", null)).Message);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Line(CheckResult result) => $"{result.Case}: {result.Check}: error {result.Error}, tolerance {result.Tolerance}. {result.Note}";

    private static IEnumerable<string> CasesOf(string golden, string version) =>
        Directory.GetFiles(Path.Combine(golden, version, "cases"), "*.json")
            .Where(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.TryGetProperty("crops", out _))
            .Select(file => $"{version}/{Path.GetFileNameWithoutExtension(file)}");

    private static HashSet<string> ChecksOf(HashSet<(string Case, string Check)> checks, string name) =>
        [.. checks.Where(check => check.Case == name).Select(check => check.Check)];

    private void CopyCase(string version, string name)
    {
        string golden = ReferenceData.Folder("golden");
        string image = JsonNode.Parse(File.ReadAllText(Path.Combine(golden, version, "cases", $"{name}.json")))!["image"]!.GetValue<string>();
        string[] model = [.. Directory.GetFiles(Path.Combine(golden, version, "model"), "*", SearchOption.AllDirectories)];
        foreach (string file in model.Append(Path.Combine(golden, image)).Concat(Directory.GetFiles(Path.Combine(golden, version, "cases"), $"{name}.*")))
        {
            string copy = Path.Combine(_folder.FullName, Path.GetRelativePath(golden, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file)); // a copy that may be changed, whatever the original's mode
        }
    }

    private void Edit(string file, Action<JsonNode> change)
    {
        string path = Path.Combine(_folder.FullName, file);
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
