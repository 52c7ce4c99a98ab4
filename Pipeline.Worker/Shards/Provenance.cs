using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Shards;

/// <summary>Says of every row what made it: equal hashes mean that the same was asked in the same way.</summary>
internal static class Provenance
{
    /// <summary>What models run in unless a worker is told otherwise: rows made so keep the hashes that they had before there was a choice.</summary>
    public const string UsualNumerics = "float32";

    private static readonly string s_codeVersion =
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static RowProvenance Of(JobSpec spec, JobPlan plan, int attempt, DateTimeOffset now, string numerics = UsualNumerics) => new()
    {
        JobId = plan.JobId,
        Model = spec.Model,
        ModelRevision = plan.ModelRevision,
        CaptionPrompt = spec.Caption,
        Seed = spec.Sampling?.Seed ?? 0,
        PromptHash = HashPrompts(spec),
        ParametersHash = HashParameters(spec, numerics),
        CodeVersion = numerics == UsualNumerics ? s_codeVersion : $"{s_codeVersion} ({numerics})",
        Attempt = attempt,
        CreatedAt = now,
    };

    /// <summary>Caption and questions alone: where images lie and rows go does not change what is asked.</summary>
    public static string HashPrompts(JobSpec spec)
    {
        var asked = new JobSpec { Source = "", Output = "", Model = "", Caption = spec.Caption, Questions = spec.Questions, MaxTokens = 1, ShardSize = 1 };
        return Hash(Encoding.UTF8.GetBytes(JobSpecJson.Write(asked)));
    }

    /// <summary>Jobs that ask for no sampling and no other quality than usual keep the hash that they had before there was any.</summary>
    /// <param name="spec">Of the job.</param>
    /// <param name="numerics">Numbers that the model ran in: rounded weights answer a little differently.</param>
    public static string HashParameters(JobSpec spec, string numerics = UsualNumerics)
    {
        // Log-probabilities are told or not: the answers are the same.
        var asked = SpecNormalizer.Normalize(new JobSpec
        {
            Source = "",
            Output = "",
            Model = "",
            MaxTokens = spec.MaxTokens,
            ShardSize = 1,
            Sampling = spec.Sampling is { } sampling ? sampling with { LogProbs = false } : null,
            Quality = spec.Quality,
        });
        var own = Hash(asked is { Sampling: null, Quality: null }
            ? JsonSerializer.SerializeToUtf8Bytes(new { decoding = "greedy", max_tokens = spec.MaxTokens })
            : Encoding.UTF8.GetBytes(JobSpecJson.Write(asked)));
        return numerics == UsualNumerics ? own : Hash(Encoding.UTF8.GetBytes($"{own} {numerics}"));
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
