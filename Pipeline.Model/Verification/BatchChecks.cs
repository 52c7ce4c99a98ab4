using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Several prompts, left-padded and run as one batch, as the reference batches them.</summary>
internal static class BatchChecks
{
    public static IReadOnlyList<CheckResult> Run(string version, string root, string casesFolder, LoadedModel loaded)
    {
        var checks = new CheckList($"{version}/batch_left");
        checks.Run("batch", () =>
        {
            JsonElement json = ReferenceCase.ReadJson(Path.Combine(casesFolder, "batch_left.json"));
            using var tensors = new ReferenceTensors(Path.Combine(casesFolder, "batch_left.safetensors"));
            var cases = json.GetProperty("cases").EnumerateArray().Select(name => ReferenceCase.Read(root, Path.Combine(casesFolder, $"{name.GetString()}.json"))).ToList();
            var sequences = json.GetProperty("prompts").EnumerateArray()
                .Select(prompt => loaded.Format.WithImage(loaded.Config, loaded.Format.Raw(prompt.GetString()!))).ToList();
            int padId = json.GetProperty("pad_token_id").GetInt32();
            LeftPaddedBatch batch = ReferenceProcessor.PadLeft(sequences, padId, loaded.Format.Special);
            checks.Exact("input_ids", tensors.Integers("input_ids"), batch.Ids);
            checks.Exact("attention_mask", tensors.Integers("attention_mask"), batch.Mask);
            checks.Exact("image_patches_indices", tensors.Integers("image_patches_indices"), batch.PatchIndices);
            checks.Exact("position_ids, prefill", tensors.Integers("position_ids_prefill"), batch.Positions);
            checks.Exact("position_ids, first step", tensors.Integers("position_ids_step1"), sequences.Select(sequence => (long)sequence.Count));

            Tensor embeddings = Embeddings(loaded, cases, sequences, batch.Length, padId);
            var expected = json.GetProperty("generate").EnumerateArray().Select(ReferenceGeneration.Of).ToList();
            using var run = new BatchRun(loaded.Model.Language, loaded.Config.Language, batch.Length + expected.Max(row => row.Tokens.Length), cases.Count);
            Tensor logits = run.Prefill(embeddings, batch);
            checks.Close("last_logits", tensors["last_logits"], logits, Tolerances.Logits);
            var rows = run.Greedy(logits, expected.Max(row => row.Tokens.Length), [.. batch.Mask]);
            foreach (var (row, generation) in expected.Index())
            {
                checks.Exact($"greedy tokens, row {row}", generation.Tokens, rows[row].Take(generation.Tokens.Length));
            }
        });
        return checks.Results;
    }

    /// <summary><c>[batch, length, hidden]</c>: word embeddings, with image rows in place of placeholders.</summary>
    private static Tensor Embeddings(LoadedModel loaded, List<ReferenceCase> cases, List<IReadOnlyList<int>> sequences, int length, int padId)
    {
        return stack(cases.Zip(sequences, (reference, sequence) =>
        {
            Tensor image = loaded.Model.ImageEmbeddings(loaded.Model.Encode(loaded.Crops(reference)), loaded.Format.Special.Newline);
            Tensor text = loaded.Model.Language.Embed([.. sequence.Skip(loaded.Config.ImagePositions)]);
            int pads = length - sequence.Count;
            return pads == 0 ? cat([image, text]) : cat([loaded.Model.Language.Embed([.. Enumerable.Repeat(padId, pads)]), image, text]);
        }));
    }
}
