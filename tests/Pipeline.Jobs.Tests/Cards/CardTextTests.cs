using Pipeline.Jobs.Cards;

namespace Pipeline.Jobs.Tests.Cards;

public sealed class CardTextTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", @"&lt;script&gt;alert\(1\)&lt;/script&gt;")]
    [InlineData("a | b\nc", @"a \| b c")]
    [InlineData("[x](javascript:1) `code` **b**", @"\[x\]\(javascript\:1\) \`code\` \*\*b\*\*")]
    [InlineData("nul\0 end", "nul\ufffd end")]
    [InlineData("日本語", "日本語")]
    public void A_cell_holds_text_and_nothing_else(string text, string cell) => Assert.Equal(cell, CardText.Cell(text));

    [Fact]
    public void An_emoji_stays_whole()
    {
        Assert.Equal("a 🐕 b", System.Net.WebUtility.HtmlDecode(CardText.Cell("a 🐕 b")));
        Assert.Equal("a…", System.Net.WebUtility.HtmlDecode(CardText.Cell("a 🐕 b", 3)));
    }
}
