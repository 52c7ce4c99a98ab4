namespace Pipeline.Evaluation.Protocols;

/// <summary>What a strong language model is asked about one MM-Vet answer. Its wording is this program's own, so scores differ a little from the official judge's.</summary>
public static class JudgePrompt
{
    public static string Of(EvaluationItem item, string answer) =>
        $"""
        Grade an answer to a question about an image against the reference answer. Reply with one number from 0.0 (all wrong) to 1.0 (all right) in steps of 0.1, and nothing else.
        In the reference, <AND> joins parts that must all be given, and <OR> separates alternatives of which one is enough.

        Question: {item.Question}
        Reference: {item.Answer}
        Answer: {answer}
        Grade:
        """;
}
