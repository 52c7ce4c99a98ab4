using Pipeline.Cli.Display;

namespace Pipeline.Cli.Tests.Display;

public sealed class WordsTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    [InlineData(-3.0, "0:00")]
    [InlineData(0.2, "0:01")]
    [InlineData(61.0, "1:01")]
    [InlineData(3_600.0, "1:00:00")]
    [InlineData(400_000.0, "111:06:40")]
    public void Times_left_read_like_a_clock(double? seconds, string text) => Assert.Equal(text, Words.Duration(seconds));

    [Theory]
    [InlineData(null, "– images/s")]
    [InlineData(0.0, "– images/s")]
    [InlineData(1.84, "1.8 images/s")]
    [InlineData(1234.5, "1,234 images/s")]
    public void Rates_are_short(double? rate, string text) => Assert.Equal(text, Words.Rate(rate));

    [Theory]
    [InlineData("  two\n\twords ", 20, "two words")]
    [InlineData("bell\u0007 and \u001b[31mred", 40, "bell� and �[31mred")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("", 4, "")]
    public void What_a_model_wrote_cannot_upset_the_terminal(string text, int longest, string shown) => Assert.Equal(shown, Words.Excerpt(text, longest));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(51_200, "51.2 kB")]
    [InlineData(7_600_000_000, "7.6 GB")]
    public void Sizes_are_short(long bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));
}
