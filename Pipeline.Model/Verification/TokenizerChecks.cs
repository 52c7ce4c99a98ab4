using System.Text.Json;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Verification;

/// <summary>Test vectors of a tokenizer: a text's ids, and the text from them.</summary>
internal static class TokenizerChecks
{
    public static IReadOnlyList<CheckResult> Run(string folder)
    {
        var checks = new CheckList("tokenizer");
        checks.Run("vectors", () =>
        {
            DragonflyTokenizer tokenizer = DragonflyTokenizer.Load(folder);
            foreach (JsonProperty list in ReferenceCase.ReadJson(Path.Combine(folder, "vectors.json")).EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array))
            {
                foreach (var (index, vector) in list.Value.EnumerateArray().Index())
                {
                    string text = vector.GetProperty("text").GetString()!;
                    int[] ids = ReferenceCase.Integers(vector.GetProperty("ids"));
                    checks.Exact($"{list.Name}[{index}] ids", ids, tokenizer.Encode(text));
                    checks.Exact($"{list.Name}[{index}] text", [text], [tokenizer.Decode(ids, withSpecialTokens: true)]);
                }
            }
        });
        return checks.Results;
    }
}
