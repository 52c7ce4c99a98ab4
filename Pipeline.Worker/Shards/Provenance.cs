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
    private static readonly string s_codeVersion =
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static RowProvenance Of(JobSpec spec, JobPlan plan, int attempt, DateTimeOffset now) => new()
    {
        JobId = plan.JobId,
        Model = spec.Model,
        ModelRevision = plan.ModelRevision,
        CaptionPrompt = spec.Caption,
        Seed = spec.Sampling?.Seed ?? 0,
        PromptHash = HashPrompts(spec),
        ParametersHash = HashParameters(spec),
        CodeVersion = s_codeVersion,
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
    public static string HashParameters(JobSpec spec)
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
        return Hash(asked is { Sampling: null, Quality: null }
            ? JsonSerializer.SerializeToUtf8Bytes(new { decoding = "greedy", max_tokens = spec.MaxTokens })
            : Encoding.UTF8.GetBytes(JobSpecJson.Write(asked)));
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
