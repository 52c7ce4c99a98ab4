using System.Text.Json;
using Pipeline.Model.Engine;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using Pipeline.Model.Training;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Loss and gradients of a right-padded batch, against the reference's.</summary>
internal static class TrainingChecks
{
    public static IReadOnlyList<CheckResult> Run(string version, string root, string casesFolder, LoadedModel loaded)
    {
        var checks = new CheckList($"{version}/train_batch");
        checks.RunWithGradients("training", () =>
        {
            JsonElement json = ReferenceCase.ReadJson(Path.Combine(casesFolder, "train_batch.json"));
            using var tensors = new ReferenceTensors(Path.Combine(casesFolder, "train_batch.safetensors"));
            var cases = json.GetProperty("cases").EnumerateArray().Select(name => ReferenceCase.Read(root, Path.Combine(casesFolder, $"{name.GetString()}.json"))).ToList();
            int end = loaded.Tokenizer.SpecialTokenId("<|end_of_text|>");
            var rows = json.GetProperty("prompts").EnumerateArray()
                .Select(prompt => loaded.Format.WithImage(loaded.Config, [.. loaded.Format.Raw(prompt.GetString()!), end])).ToList();
            var (ids, mask, length) = TrainingText.PadRight(rows, end);
            long[] labels = [.. ids.Chunk(length).SelectMany(row => TrainingText.Labels(row, loaded.Format.Special.Begin, end))];
            checks.Exact("input_ids", tensors.Integers("input_ids"), ids);
            checks.Exact("attention_mask", tensors.Integers("attention_mask"), mask);
            checks.Exact("labels", tensors.Integers("labels"), labels);

            using var weights = TrainableWeights.Load(loaded.Folder, loaded.Config);
            using var model = new DragonflyModel(weights, loaded.Config, loaded.Model.MaxModelLen, ScalarType.Float32, CPU);
            Tensor embeddings = stack(cases.Select((reference, row) =>
            {
                Tensor image = model.ImageEmbeddings(model.Encode(loaded.Crops(reference)), loaded.Format.Special.Newline);
                Tensor text = model.Language.Embed([.. ids.Skip((row * length) + loaded.Config.ImagePositions).Take(length - loaded.Config.ImagePositions).Select(id => (int)id)]);
                return cat([image, text]);
            }));
            Tensor attention = AttentionMasks.Causal(mask, cases.Count, length);
            using RotaryTables rotary = model.Language.Rotary.From(0, length);
            Tensor logits = model.Language.Logits(model.Language.Forward(embeddings, new AttentionContext(null, rotary, attention)));
            Tensor loss = TokenLoss.Shifted(logits, tensor(labels, [cases.Count, length]));
            double expected = json.GetProperty("loss").GetDouble();
            checks.Close("loss, relative", Math.Abs((loss.item<float>() - expected) / expected), Tolerances.Loss);
            loss.backward();
            Gradients(checks, json, tensors, weights, [.. DragonflyParameters.Of(loaded.Config).Keys]);
        });
        return checks.Results;
    }

    private static void Gradients(CheckList checks, JsonElement json, ReferenceTensors tensors, TrainableWeights weights, string[] names)
    {
        var norms = json.GetProperty("grad_norms").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble());
        checks.Exact("parameters with a gradient", norms.Keys.Order(StringComparer.Ordinal), names.Where(name => weights.Gradient(name) is not null));
        checks.Exact(
            "parameters without a gradient",
            json.GetProperty("no_grad").EnumerateArray().Select(name => name.GetString()!).Order(StringComparer.Ordinal),
            names.Where(name => weights.Gradient(name) is null));
        foreach (var (name, norm) in norms)
        {
            // Softmax leaves a shift of all scores out, so a key's bias has gradient 0 but for rounding: it is measured by its weight's.
            double scale = name.EndsWith(".k_proj.bias", StringComparison.Ordinal) ? norms[name.Replace(".bias", ".weight", StringComparison.Ordinal)] : norm;
            checks.Close($"gradient norm of {name}", Math.Abs(Norm(weights, name) - norm) / scale, Tolerances.Gradients);
        }

        foreach (string name in tensors.Names.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)))
        {
            Tensor expected = tensors[name];
            Tensor? actual = name == "grad.lm_head_rows0_16" ? weights.Gradient(DragonflyParameters.LanguageHead)?.narrow(0, 0, 16) : weights.Gradient(name["grad.".Length..]);
            if (actual is null)
            {
                checks.Fail(name, Tolerances.Gradients, "it has no gradient");
                continue;
            }

            checks.Close(name, actual, expected);
        }
    }

    private static void Close(this CheckList checks, string name, Tensor actual, Tensor expected) =>
        checks.Close($"{name}, relative to its norm", (actual - expected).norm().item<float>() / expected.norm().item<float>(), Tolerances.Gradients);

    private static double Norm(TrainableWeights weights, string name) => weights.Gradient(name)?.norm().item<float>() ?? double.NaN;
}
