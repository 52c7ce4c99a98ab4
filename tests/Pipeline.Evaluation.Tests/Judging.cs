using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Tests;

/// <summary>One answer put to one protocol.</summary>
internal static class Judging
{
    /// <summary>What was read and whether it counts: "B right", "B wrong", "- wrong" for unparsed, "B out" for left out of the denominator.</summary>
    public static string Of(string benchmark, string protocol, EvaluationItem item, string answer)
    {
        Judgement judgement = Benchmark.Find(benchmark)!.FindProtocol(protocol)!.Judge(item, answer);
        return $"{judgement.Parsed ?? "-"} {judgement.Score switch { null => "out", 1 => "right", 0 => "wrong", var score => $"{score:0.00}" }}";
    }

    public static EvaluationItem Item(string answer, params string[] choices) =>
        new() { Id = "row", Question = "Which?", Answer = answer, Choices = choices, References = [answer] };
}
