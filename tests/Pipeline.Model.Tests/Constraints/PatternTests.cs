using Pipeline.Model.Constraints.Patterns;

namespace Pipeline.Model.Tests.Constraints;

public sealed class PatternTests
{
    [Theory]
    [InlineData(@"[a-z]+", "abc", "", "aB")]
    [InlineData(@"^\d{2,3}$", "12", "1", "1234")]
    [InlineData(@"(red|green) (cat|dog)s?", "green cats", "red cow", "red cat ")]
    [InlineData(@"(?:ab)*c", "ababc", "abac", "ab")]
    [InlineData(@"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?", "-12.5", "012", "1.")]
    [InlineData(@"[^a-c]x", "zx", "ax", "x")]
    [InlineData(@".*", "any text", "two\nlines", "\u0001")]
    [InlineData(@"\w+\s\W", "a_9 !", "a9!", "a9 b")]
    [InlineData(@"[\d.,-]+", "1.5,-", "1a", "x")]
    [InlineData(@"\$\(\x41\u00e9\)", "$(Aé)", "$(A)", "A")]
    [InlineData(@"(a|)b??", "", "c", "aa")]
    [InlineData(@"(a*)*b", "aaab", "aaa", "c")]
    [InlineData(@"x{3}", "xxx", "xx", "xxxx")]
    [InlineData(@"x{2,}", "xxxxx", "x", "xxy")]
    [InlineData(@"[]a]", "]", "b", "")]
    [InlineData(@"[-[a]+", "-[a", "]", "b")]
    [InlineData(@"[^\s]+", "été-1", "a b", "a\u00A0b")]
    [InlineData(@"(a|()){2}", "a", "aaa", "b")]
    public void Texts_match_or_do_not(string pattern, string match, string other, string another)
    {
        var automaton = PatternAutomaton.Of(pattern);

        Assert.True(Matches(automaton, match));
        Assert.False(Matches(automaton, other));
        Assert.False(Matches(automaton, another));
    }

    [Theory]
    [InlineData("a)", 2, "')' without a '('")]
    [InlineData("(a", 1, "no ')'")]
    [InlineData("[a", 1, "no ']'")]
    [InlineData("a[z-a]", 3, "backwards")]
    [InlineData("*a", 1, "nothing before '*'")]
    [InlineData("a**", 3, "a repetition stands behind a repetition")]
    [InlineData("a{3,1}", 2, "wrong order")]
    [InlineData("a{x}", 2, "\\{")]
    [InlineData("a{2000}", 8, "1000 repetitions")]
    [InlineData(@"a\b", 2, "\\b is not known")]
    [InlineData(@"\p{L}", 1, "\\p is not known")]
    [InlineData("(?=a)", 3, "(?:")]
    [InlineData("a^b", 2, "the whole answer is matched anyway")]
    [InlineData("a\\", 2, "at the end")]
    [InlineData(@"\u12", 3, "4 hexadecimal digits")]
    [InlineData("😀", 1, "U+FFFF")]
    [InlineData("[a-z-[aeiou]]", 5, "taken from another")]
    [InlineData("[a-[b]]", 3, "taken from another")]
    [InlineData("(((){1000}){1000}){1000}", 1, "states")]
    [InlineData("[[:alpha:]]", 2, "named classes")]
    [InlineData("((a{1000}){100}){10}", 1, "states")]
    public void What_can_not_be_used_is_named_with_its_place(string pattern, int position, string reason)
    {
        var fault = Assert.Throws<PatternException>(() => PatternAutomaton.Of(pattern));

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"at character {position},", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, Pattern.Fault(pattern, 10_000));
    }

    [Theory]
    [InlineData("[a-z]{5}", 4, "at least 5")]
    [InlineData("[^\\t\\n -\\uFFFF]", 4, "no text at all")]
    [InlineData("", 4, "the empty text")]
    public void Patterns_that_no_answer_can_match_are_refused(string pattern, int maxTokens, string reason) =>
        Assert.Contains(reason, Pattern.Fault(pattern, maxTokens), StringComparison.Ordinal);

    [Fact]
    public void Good_patterns_have_no_fault() => Assert.Null(Pattern.Fault("[a-z]{5}", 5));

    /// <summary>2²⁰ states if it were made deterministic as a whole.</summary>
    [Fact]
    public void A_pattern_with_an_exponential_deterministic_automaton_is_no_trouble()
    {
        var automaton = PatternAutomaton.Of("(a|b)*a(a|b){20}");

        Assert.True(Matches(automaton, "bbb" + "a" + new string('b', 20)));
        Assert.False(Matches(automaton, "bbb" + "b" + new string('b', 20)));
    }

    private static bool Matches(PatternAutomaton automaton, string text) =>
        text.Aggregate(automaton.Start, automaton.Step) is { Length: > 0 } states && automaton.Accepts(states);
}
