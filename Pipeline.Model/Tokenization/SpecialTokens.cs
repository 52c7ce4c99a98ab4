namespace Pipeline.Model.Tokenization;

/// <summary>Ids that Dragonfly gives a meaning of its own.</summary>
/// <param name="Begin"><c>&lt;|begin_of_text|&gt;</c>, behind the image and in front of the text.</param>
/// <param name="Placeholder"><c>&lt;|reserved_special_token_0|&gt;</c>: a position that an image row replaces.</param>
/// <param name="Newline"><c>&lt;|reserved_special_token_1|&gt;</c>: ends each block of image rows.</param>
/// <param name="EndOfTurn"><c>&lt;|eot_id|&gt;</c>: ends an answer.</param>
internal sealed record SpecialTokens(int Begin, int Placeholder, int Newline, int EndOfTurn)
{
    /// <exception cref="InvalidDataException">The tokenizer lacks one of them.</exception>
    public static SpecialTokens Of(DragonflyTokenizer tokenizer) => new(
        tokenizer.SpecialTokenId("<|begin_of_text|>"),
        tokenizer.SpecialTokenId("<|reserved_special_token_0|>"),
        tokenizer.SpecialTokenId("<|reserved_special_token_1|>"),
        tokenizer.SpecialTokenId("<|eot_id|>"));

    /// <summary>The reference passes <c>tokenizer.encode("&lt;|eot_id|&gt;")</c> as its stop list, and that starts with BOS.</summary>
    public bool IsStop(int id) => id == EndOfTurn || id == Begin;
}
