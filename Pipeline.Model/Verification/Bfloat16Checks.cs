using System.Text.Json;
using Pipeline.Model.Layers;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>bfloat16 weights computed in float32, with the rotary frequencies exact and rounded.</summary>
internal static class Bfloat16Checks
{
    public static IReadOnlyList<CheckResult> Run(string version, string root, string casesFolder, string modelFolder)
    {
        var checks = new CheckList($"{version}/bf16");
        checks.Run("bf16", () =>
        {
            JsonElement json = ReferenceCase.ReadJson(Path.Combine(casesFolder, "bf16.json"));
            using var tensors = new ReferenceTensors(Path.Combine(casesFolder, "bf16.safetensors"));
            ReferenceCase reference = ReferenceCase.Read(root, Path.Combine(casesFolder, $"{json.GetProperty("case").GetString()}.json"));
            using (var exact = new LoadedModel(modelFolder))
            {
                Tensor frequencies = RotaryEmbedding.InverseFrequencies(exact.Config.Language);
                checks.Close("inv_freq", tensors["inv_freq_f32"], frequencies, Tolerances.Towers);
                checks.Close("inv_freq, rounded", tensors["inv_freq_after_to_bf16"], frequencies.to(ScalarType.BFloat16).to(ScalarType.Float32), 0);
                Compare(checks, "exact inv_freq", tensors["last_logits_f32math_bf16weights_f32invfreq"], json.GetProperty("greedy_f32math_bf16weights_f32invfreq"), reference, exact);
            }

            using var rounded = new LoadedModel(modelFolder, roundFrequencies: true);
            Tensor logits = Compare(checks, "rounded inv_freq", tensors["last_logits_f32math_bf16weights_bf16invfreq"], json.GetProperty("greedy_f32math_bf16weights_bf16invfreq"), reference, rounded);
            double apart = json.GetProperty("max_abs_diff").GetProperty("bf16run_vs_f32math_same_rounding").GetDouble();
            checks.Close("distance to a bf16 run", tensors["last_logits_bf16_run"], logits, apart + Tolerances.Logits);
        });
        return checks.Results;
    }

    private static Tensor Compare(CheckList checks, string what, Tensor expectedLogits, JsonElement greedy, ReferenceCase reference, LoadedModel loaded)
    {
        ReferenceGeneration expected = ReferenceGeneration.Of(greedy);
        var session = loaded.Session();
        session.Start(loaded.Crops(reference));
        var (tokens, logProbabilities) = session.Generate([.. reference.PromptIds], expected.Tokens.Length, CancellationToken.None);
        checks.Exact($"greedy tokens, {what}", expected.Tokens, tokens);
        checks.CloseNumbers($"log-probabilities, {what}", expected.LogProbabilities, logProbabilities, Tolerances.LogProbabilities);
        Tensor logits = session.Prefill([.. reference.PromptIds])[0];
        checks.Close($"last_logits, {what}", expectedLogits, logits, Tolerances.Logits);
        return logits;
    }
}
