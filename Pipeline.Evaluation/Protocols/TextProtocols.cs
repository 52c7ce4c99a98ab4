namespace Pipeline.Evaluation.Protocols;

/// <summary>Free texts: captions against references, and MM-Vet, which a language model judges elsewhere.</summary>
internal static class TextProtocols
{
    /// <summary>Scored over the whole set, as the COCO caption scorer does: a single row has no score.</summary>
    public static Protocol Coco { get; } = Of("coco");

    /// <summary>Judgements come from outside.</summary>
    public static Protocol Judged { get; } = Of("mm-vet");

    private static Protocol Of(string name) => new()
    {
        Name = name,
        Prompt = Prompts.Plain,
        Judge = (_, answer) => answer.Trim().Length == 0 ? Judgement.Unparsed : new Judgement(answer.Trim(), null),
    };
}
