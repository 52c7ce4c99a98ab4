using System.Text.Json;

namespace Pipeline.Model.Verification;

/// <summary>Stopping, the reference's silent cutting of long prompts, its closing tokens, and prompts without an image.</summary>
internal static class ExtrasChecks
{
    public static IReadOnlyList<CheckResult> Run(string version, string root, string casesFolder, LoadedModel loaded)
    {
        var checks = new CheckList($"{version}/extras");
        foreach (JsonProperty extra in ReferenceCase.ReadJson(Path.Combine(casesFolder, "extras.json")).EnumerateObject())
        {
            checks.Run(extra.Name, () =>
            {
                ReferenceCase Case(JsonElement name) => ReferenceCase.Read(root, Path.Combine(casesFolder, $"{name.GetString()}.json"));
                switch (extra.Name)
                {
                    case "eos_stop":
                        Stop(checks, extra, [Case(extra.Value.GetProperty("case"))], [ReferenceCase.Integers(extra.Value.GetProperty("tokens"))], fill: false, loaded);
                        break;
                    case "eos_stop_batch":
                        var cases = extra.Value.GetProperty("cases").EnumerateArray().Select(Case).ToList();
                        var rows = extra.Value.GetProperty("tokens").EnumerateArray().Select(ReferenceCase.Integers).ToList();
                        Stop(checks, extra, cases, rows, fill: true, loaded);
                        break;
                    case "text_only":
                        TextOnly(checks, extra.Value, loaded);
                        break;
                    case "add_beginning_of_answer_token":
                        Closing(checks, extra, loaded);
                        break;
                    case var name when name.StartsWith("truncation_max_length_", StringComparison.Ordinal):
                        Truncation(checks, extra, Case(extra.Value.GetProperty("case")), loaded);
                        break;
                    default:
                        checks.Skip(extra.Name, "unknown to this version");
                        break;
                }
            });
        }

        return checks.Results;
    }

    /// <summary>A batch's rows that stopped are filled with the first stop id, since the reference has no pad id.</summary>
    private static void Stop(CheckList checks, JsonProperty extra, List<ReferenceCase> cases, List<int[]> expected, bool fill, LoadedModel loaded)
    {
        int[] stops = ReferenceCase.Integers(extra.Value.GetProperty("eos_token_id"));
        foreach (var (reference, tokens) in cases.Zip(expected))
        {
            var session = loaded.Session();
            session.Start(loaded.Crops(reference));
            var (generated, _) = session.Generate([.. reference.PromptIds], tokens.Length, CancellationToken.None, stops.Contains);
            IEnumerable<int> filled = fill ? generated.Concat(Enumerable.Repeat(stops[0], tokens.Length - generated.Count)) : generated;
            checks.Exact($"{extra.Name}, {reference.Name}", tokens, filled);
        }
    }

    private static void Truncation(CheckList checks, JsonProperty extra, ReferenceCase reference, LoadedModel loaded)
    {
        int maxLength = int.Parse(extra.Name["truncation_max_length_".Length..]);
        IReadOnlyList<int> cut = ReferenceProcessor.Cut(loaded.Format.Raw(reference.Prompt), maxLength);
        int end = loaded.Tokenizer.SpecialTokenId("<|end_of_text|>");
        checks.Exact($"{extra.Name}, generating", ReferenceCase.Integers(extra.Value.GetProperty("text_ids_is_generate")), cut);
        checks.Exact($"{extra.Name}, not generating", ReferenceCase.Integers(extra.Value.GetProperty("text_ids_not_generate")), cut.Append(end));
        JsonElement lengths = extra.Value.GetProperty("lens");
        int ids = loaded.Format.WithImage(loaded.Config, cut).Count, indices = ReferenceProcessor.PatchIndices(loaded.Format.WithImage(loaded.Config, cut), loaded.Format.Special).Count();
        checks.Exact(
            $"{extra.Name}, lengths",
            ((string[])["input_ids", "image_patches_indices", "input_ids_ng", "image_patches_indices_ng"]).Select(name => lengths.GetProperty(name).GetInt32()),
            [ids, indices, ids + 1, indices + 1]);
    }

    /// <summary>The prompt that the other extras of the file use, closed by the end of a header instead of the end of text.</summary>
    private static void Closing(CheckList checks, JsonProperty extra, LoadedModel loaded)
    {
        int[] expected = ReferenceCase.Integers(extra.Value.GetProperty("text_ids_not_generate"));
        string prompt = loaded.Tokenizer.Decode(expected.Skip(1).SkipLast(1), withSpecialTokens: true);
        checks.Exact(extra.Name, expected, loaded.Format.Raw(prompt).Append(loaded.Tokenizer.SpecialTokenId("<|end_header_id|>")));
    }

    /// <summary>Without an image <c>&lt;|end_of_text|&gt;</c> is appended to the text, also for generation.</summary>
    private static void TextOnly(CheckList checks, JsonElement extra, LoadedModel loaded)
    {
        IReadOnlyList<int> ids = loaded.Format.Raw(extra.GetProperty("prompt").GetString() + "<|end_of_text|>");
        checks.Exact("text_only, input_ids", ReferenceCase.Integers(extra.GetProperty("input_ids")), ids);
        ReferenceGeneration expected = ReferenceGeneration.Of(extra.GetProperty("generate"));
        var session = loaded.Session();
        session.StartWithoutImage();
        var (tokens, logProbabilities) = session.Generate(ids, expected.Tokens.Length, CancellationToken.None);
        checks.Exact("text_only, greedy tokens", expected.Tokens, tokens);
        checks.CloseNumbers("text_only, log-probabilities", expected.LogProbabilities, logProbabilities, Tolerances.LogProbabilities);
    }
}
