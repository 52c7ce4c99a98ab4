using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using Pipeline.Model.Sampling;
using Pipeline.Model.Vision;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>One image and prompt, from decoded pixels to greedy tokens.</summary>
internal static class CaseChecks
{
    public static IReadOnlyList<CheckResult> Run(string version, ReferenceCase reference, LoadedModel loaded, string tensorFile)
    {
        var checks = new CheckList($"{version}/{reference.Name}");
        checks.Run("reading", () =>
        {
            using var tensors = new ReferenceTensors(tensorFile);
            ImageCrops crops = loaded.Crops(reference);
            checks.Run("crops", () => CropChecks.Run(checks, reference, crops, tensors));
            checks.Run("ids", () => Ids(checks, reference, loaded, tensors));
            Tensor features = loaded.Model.Images.Features(crops);
            EncodedImage encoded = loaded.Model.Images.Encode(features);
            checks.Run("vision", () => Vision(checks, reference, features, encoded, tensors));
            checks.Run("language", () => Language(checks, reference, encoded, loaded, tensors));
            checks.Run("generation", () => Generation(checks, reference, crops, loaded));
        });
        return checks.Results;
    }

    private static void Ids(CheckList checks, ReferenceCase reference, LoadedModel loaded, ReferenceTensors tensors)
    {
        IReadOnlyList<int> text = loaded.Format.Raw(reference.Prompt);
        IReadOnlyList<int> ids = loaded.Format.WithImage(loaded.Config, text);
        checks.Exact("prompt ids", reference.PromptIds, text);
        checks.Exact("input_ids", tensors.Integers("input_ids"), ids.Select(id => (long)id));
        checks.Exact("image_patches_indices", tensors.Integers("image_patches_indices"), ReferenceProcessor.PatchIndices(ids, loaded.Format.Special));
        checks.Exact("attention_mask", tensors.Integers("attention_mask"), ids.Select(_ => 1L));
        checks.Exact("position_ids", tensors.Integers("position_ids"), ids.Select((_, position) => (long)position));
    }

    private static void Vision(CheckList checks, ReferenceCase reference, Tensor features, EncodedImage encoded, ReferenceTensors tensors)
    {
        checks.CloseIfKept(tensors, "clip_hidden_m2_crop0", () => features[0], Tolerances.ClipHidden);
        checks.CloseIfKept(tensors, "clip_hidden_m2_cls_all_crops", () => features.select(1, 0), Tolerances.ClipHidden);
        checks.CloseIfKept(tensors, "clip_hidden_m2_mean_all_crops", () => features.mean([1]), Tolerances.ClipHidden);
        checks.CloseIfKept(tensors, "patch_embeddings", () => encoded.Rows, Tolerances.PatchEmbeddings);
        checks.CloseIfKept(
            tensors, "patch_embeddings_every7", () => encoded.Rows.index_select(0, arange(0, encoded.Rows.size(0), 7, ScalarType.Int64)), Tolerances.PatchEmbeddings);
        if (encoded.SelectionScores is { } scores)
        {
            Selection(checks, reference, encoded, scores);
        }
    }

    private static void Selection(CheckList checks, ReferenceCase reference, EncodedImage encoded, float[,] scores)
    {
        var regions = reference.Json.GetProperty("selection").EnumerateArray().ToList();
        var expected = regions.SelectMany(region => ReferenceCase.Numbers(region.GetProperty("scores")));
        checks.CloseNumbers("selection scores", [.. expected], [.. scores.Cast<float>().Select(score => (double)score)], Tolerances.SelectionScores);
        checks.Exact(
            "selection picks",
            regions.SelectMany(region => ReferenceCase.Integers(region.GetProperty("picked_in_score_order"))),
            regions.SelectMany((_, region) => Enumerable.Range(0, DragonflyConfig.SelectionInterval)
                .OrderByDescending(candidate => scores[region, candidate])
                .Take(DragonflyConfig.SelectionKept)
                .Select(candidate => (region * DragonflyConfig.SelectionInterval) + candidate)));
        checks.Exact("selected crops", ReferenceCase.Integers(reference.Json.GetProperty("selected_high_crops_sorted")), encoded.KeptHighCrops);
    }

    /// <summary>The whole prompt in one prefill, as the reference runs it, then its own greedy steps.</summary>
    private static void Language(CheckList checks, ReferenceCase reference, EncodedImage encoded, LoadedModel loaded, ReferenceTensors tensors)
    {
        LlamaModel llama = loaded.Model.Language;
        Tensor image = loaded.Model.ImageEmbeddings(encoded, loaded.Format.Special.Newline);
        Tensor embeddings = cat([image, llama.Embed([.. reference.PromptIds])]);
        int length = (int)embeddings.size(0);
        checks.CloseIfKept(tensors, "inputs_embeds", () => embeddings, Tolerances.InputEmbeds);
        int text = reference.PromptIds.Count() + 1; // and the last newline token
        checks.CloseIfKept(tensors, "inputs_embeds_text_tail", () => embeddings.narrow(0, length - text, text), Tolerances.InputEmbeds);

        List<Tensor> layers = [embeddings.alias()];
        KvCache cache = loaded.Cache;
        cache.Truncate(0);
        using RotaryTables rotary = llama.Rotary.From(0, length);
        var context = new AttentionContext(cache, rotary, LlamaModel.CausalMask(length, 0, embeddings));
        Tensor hidden = llama.Forward(embeddings.unsqueeze(0), context, output => layers.Add(output.squeeze(0).clone().MoveToOuterDisposeScope()))[0];
        layers[^1] = llama.FinalNorm.Forward(layers[^1]); // as the reference reports the last layer
        checks.CloseIfKept(tensors, "last_hidden_all_layers", () => stack(layers.Select(layer => layer[length - 1])), Tolerances.LayerHidden);
        checks.CloseIfKept(
            tensors,
            "hidden_row_norms_all_layers",
            () => stack(layers.Select(layer => layer.square().sum(1).sqrt())),
            Tolerances.RowNorms(loaded.Config.Language.HiddenSize));

        Tensor logits = llama.Logits(hidden.narrow(0, length - 1, 1))[0];
        checks.CloseIfKept(tensors, "last_logits", () => logits, Tolerances.Logits);
        TopLogits(checks, reference.Generation, logits, llama, cache);
    }

    private static void TopLogits(CheckList checks, ReferenceGeneration expected, Tensor first, LlamaModel llama, KvCache cache)
    {
        List<double> actual = [];
        Tensor logits = first;
        for (int step = 0; step < expected.Tokens.Length; step++)
        {
            Tensor chosen = logits.index_select(0, tensor(expected.TopIds[step].Select(id => (long)id).ToArray()));
            actual.AddRange(chosen.data<float>().ToArray().Select(value => (double)value));
            logits = step + 1 < expected.Tokens.Length ? llama.Logits(llama.Forward(llama.Embed([expected.Tokens[step]]), cache))[0] : logits;
        }

        checks.CloseNumbers("top-5 logits", [.. expected.TopLogits.SelectMany(values => values)], actual, Tolerances.Logits);
    }

    /// <summary>Through the engine's own path: the image once into its slot, then the prompt behind it.</summary>
    private static void Generation(CheckList checks, ReferenceCase reference, ImageCrops crops, LoadedModel loaded)
    {
        ReferenceGeneration expected = reference.Generation;
        IReadOnlyList<PickedToken> answer = RunnerAnswer.Greedy(loaded.Runner, crops, [.. reference.PromptIds], expected.Tokens.Length);
        checks.Exact("greedy tokens", expected.Tokens, answer.Select(token => token.Id));
        checks.CloseNumbers("log-probabilities", expected.LogProbabilities, [.. answer.Select(token => (double)token.LogProbability)], Tolerances.LogProbabilities);
    }
}
