using Pipeline.Model.Sampling;

namespace Pipeline.Model.Engine;

/// <summary>Judges what a prompt asks for, whatever the model.</summary>
internal static class PromptCheck
{
    private const int MostRetries = 5;

    /// <exception cref="ArgumentException">Names every offending value and what may stand there.</exception>
    public static void ThrowIfInvalid(Prompt prompt)
    {
        string[] faults = [.. Faults(prompt)];
        if (faults.Length > 0)
        {
            throw new ArgumentException($"The prompt '{prompt.Text}' can't be answered: {string.Join("; ", faults)}.", nameof(prompt));
        }
    }

    private static IEnumerable<string> Faults(Prompt prompt) => prompt switch
    {
        GeneratePrompt generate => Faults(generate.Sampling).Concat(generate.Shape is null ? [] : ShapeFaults(generate.Sampling)).Concat(
            generate.Gate is { MaxRetries: < 0 or > MostRetries } gate ? [$"max_retries is {gate.MaxRetries}: take 0 to {MostRetries}"] : []),
        ScorePrompt score => Faults(score.Choices),
        _ => [],
    };

    private static IEnumerable<string> Faults(SamplingParams sampling)
    {
        if (sampling.MaxTokens < 1)
        {
            yield return $"max_tokens is {sampling.MaxTokens}: take at least 1";
        }

        if (sampling.Temperature is not (>= 0 and <= 2))
        {
            yield return $"temperature is {sampling.Temperature}: take 0 to 2";
        }

        if (sampling.TopP is not (> 0 and <= 1))
        {
            yield return $"top_p is {sampling.TopP}: take more than 0 and at most 1";
        }

        if (sampling.TopK < 0)
        {
            yield return $"top_k is {sampling.TopK}: take at least 1, or 0 for all";
        }

        if (sampling.MinP is not (>= 0 and <= 1))
        {
            yield return $"min_p is {sampling.MinP}: take 0 to 1";
        }

        if (!(sampling.RepetitionPenalty > 0) || double.IsInfinity(sampling.RepetitionPenalty))
        {
            yield return $"repetition_penalty is {sampling.RepetitionPenalty}: take a number above 0";
        }

        if (sampling.Stop.Any(string.IsNullOrEmpty))
        {
            yield return "a stop text is empty: leave it out";
        }
    }

    /// <summary>What would keep an answer from matching its shape.</summary>
    private static IEnumerable<string> ShapeFaults(SamplingParams sampling)
    {
        if (sampling.Stop is [var stop, ..])
        {
            yield return $"the stop text '{stop}' would cut an answer of a given shape before it matches: leave it out, or the shape";
        }

        if (sampling.IgnoreEos)
        {
            yield return "ignore_eos would go on behind an answer of a given shape: leave it out, or the shape";
        }
    }

    private static IEnumerable<string> Faults(IReadOnlyList<string> choices)
    {
        if (choices.Count < 2)
        {
            yield return $"there {(choices.Count == 1 ? "is one choice" : "are no choices")}: give at least two";
        }

        if (choices.Any(string.IsNullOrEmpty))
        {
            yield return $"choice {choices.ToList().FindIndex(string.IsNullOrEmpty) + 1} is empty: give it a text";
        }

        if (choices.GroupBy(choice => choice, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return $"the choice '{twice.Key}' stands there {twice.Count()} times: give each once";
        }
    }
}
