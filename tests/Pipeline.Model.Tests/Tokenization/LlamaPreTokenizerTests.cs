using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Tests.Tokenization;

public sealed class LlamaPreTokenizerTests
{
    [Theory]
    [InlineData("I'm it'S", "I|'m| it|'S")]
    [InlineData("12345 6", "123|45| |6")]
    [InlineData("a  b", "a| | b")]
    [InlineData("x \n\n y  ", "x| \n\n| y|  ")]
    [InlineData("!?\n\nz", "!?\n\n|z")]
    // One code point beyond UTF-16's first plane is one letter, digit or symbol, as in Hugging Face's engine.
    [InlineData("𝔘𝔫𝔦 𠮷野家", "𝔘𝔫𝔦| 𠮷野家")]
    [InlineData("😀abc 😀😀", "😀abc| 😀😀")]
    [InlineData("𝟏𝟐𝟑𝟒", "𝟏𝟐𝟑|𝟒")]
    // The long s folds to s.
    [InlineData("it'ſa", "it|'ſ|a")]
    public void Text_is_cut_as_llama_3_cuts_it(string text, string pieces)
    {
        var cut = new LlamaPreTokenizer().PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length)).ToList();
        Assert.Equal(pieces.Split('|'), cut);
    }
}
