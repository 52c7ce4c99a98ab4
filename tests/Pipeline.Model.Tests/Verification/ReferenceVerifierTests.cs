using Pipeline.Model.Verification;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Verification;

public sealed class ReferenceVerifierTests
{
    [Fact]
    public void Nothing_fails_and_only_training_is_skipped()
    {
        var results = ReferenceVerifier.Run(ReferenceData.Folder("golden"), ReferenceData.Folder("tokenizer", "llama3")).ToList();

        string failures = string.Join(Environment.NewLine, results.Where(result => result.Verdict == Verdict.Failed).Select(Line));
        Assert.True(failures.Length == 0, failures);
        Assert.Equal(["v1/train_batch", "v2/train_batch"], results.Where(result => result.Verdict == Verdict.Skipped).Select(result => result.Case));
        Assert.True(results.Count > 500, $"only {results.Count} checks ran");
    }

    private static string Line(CheckResult result) => $"{result.Case}: {result.Check}: error {result.Error}, tolerance {result.Tolerance}. {result.Note}";
}
