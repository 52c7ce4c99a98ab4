using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Single operations, and the rotary tables of the full-size models.</summary>
internal static class UnitChecks
{
    private const double Eps5 = 1e-5;
    private const double Eps6 = 1e-6;

    public static IReadOnlyList<CheckResult> Operations(string tensorFile)
    {
        var checks = new CheckList("towers/units");
        checks.Run("units", () =>
        {
            using var tensors = new ReferenceTensors(tensorFile);
            Tensor x = tensors["x"];
            checks.Close("gelu", tensors["gelu"], nn.functional.gelu(x), Tolerances.Towers);
            checks.Close("quick_gelu", tensors["quick_gelu"], Activations.QuickGelu(x), Tolerances.Towers);
            checks.Close("silu", tensors["silu"], nn.functional.silu(x), Tolerances.Towers);
            Tensor input = tensors["rms_in"];
            checks.Close("RMSNorm, eps 1e-5", tensors["rms_out_eps1e5"], new RmsNorm(tensors["rms_weight"], Eps5).Forward(input), Tolerances.Towers);
            checks.Close("RMSNorm, eps 1e-6", tensors["rms_out_eps1e6"], new RmsNorm(tensors["rms_weight"], Eps6).Forward(input), Tolerances.Towers);
            checks.Close("RMSNorm, bf16", tensors["rms_bf16_out_eps1e5"], new RmsNorm(tensors["rms_bf16_weight"], Eps5).Forward(tensors["rms_bf16_in"]), Tolerances.Bfloat16Units);
            checks.Close("LayerNorm", tensors["ln_out"], new LayerNorm(tensors["ln_weight"], tensors["ln_bias"], Eps5).Forward(input), Tolerances.Towers);
            using var tables = new RotaryTables(tensors["rot_cos"].unsqueeze(1), tensors["rot_sin"].unsqueeze(1));
            checks.Close("rotary, queries", tensors["rot_q_out"], tables.Apply(tensors["rot_q"]), Tolerances.Towers);
            checks.Close("rotary, keys", tensors["rot_k_out"], tables.Apply(tensors["rot_k"]), Tolerances.Towers);
        });
        return checks.Results;
    }

    public static IReadOnlyList<CheckResult> FullSizeRotary(string tensorFile)
    {
        var checks = new CheckList("towers/rope_full_size");
        checks.Run("rope", () =>
        {
            using var tensors = new ReferenceTensors(tensorFile);
            foreach (string model in tensors.Names.Where(name => !name.Contains('.')).Order(StringComparer.Ordinal))
            {
                if (Published(model) is not { } config)
                {
                    checks.Skip(model, "no published model of that name is known to this version");
                    continue;
                }

                Tensor frequencies = RotaryEmbedding.InverseFrequencies(config);
                checks.Close($"{model} inv_freq", tensors[model], frequencies, Tolerances.Towers);
                checks.Close($"{model} inv_freq, bf16", tensors[$"{model}.bf16_rounded"], frequencies.to(ScalarType.BFloat16).to(ScalarType.Float32), 0);
                foreach (string table in tensors.Names.Where(name => name.StartsWith($"{model}.cos.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                {
                    long position = long.Parse(table[$"{model}.cos.".Length..]);
                    using var rotary = new RotaryEmbedding(frequencies, (int)position + 1);
                    using RotaryTables at = rotary.From((int)position, 1);
                    checks.Close(table, tensors[table], at.Cos[0], Tolerances.Towers);
                    checks.Close(table.Replace(".cos.", ".sin.", StringComparison.Ordinal), tensors[table.Replace(".cos.", ".sin.", StringComparison.Ordinal)], at.Sin[0], Tolerances.Towers);
                }
            }
        });
        return checks.Results;
    }

    /// <summary>From the published configs of Meta-Llama-3-8B, Llama-3.1-8B and the factor 32 of Llama-3.2.</summary>
    private static LlamaConfig? Published(string model)
    {
        var plain = new LlamaConfig { RopeTheta = 500_000, HiddenSize = 4_096, NumAttentionHeads = 32 };
        return model switch
        {
            "llama3_8b" => plain,
            "llama31_8b" => plain with { RopeScaling = new RopeScaling { RopeType = "llama3", Factor = 8 } },
            "llama32_style_factor32" => plain with { RopeScaling = new RopeScaling { RopeType = "llama3", Factor = 32 } },
            _ => null,
        };
    }
}
