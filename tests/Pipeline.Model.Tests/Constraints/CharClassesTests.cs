using System.Text.RegularExpressions;
using Pipeline.Model.Constraints.Patterns;

namespace Pipeline.Model.Tests.Constraints;

public sealed class CharClassesTests
{
    /// <summary>Every character of the basic plane: whatever the automaton lets through, .NET does too.</summary>
    [Theory]
    [InlineData(".")]
    [InlineData(@"\d")]
    [InlineData(@"\D")]
    [InlineData(@"\w")]
    [InlineData(@"\W")]
    [InlineData(@"\s")]
    [InlineData(@"\S")]
    [InlineData("[^a-c]")]
    [InlineData(@"[^\d]")]
    [InlineData(@"[^\D]")]
    [InlineData(@"[^\w]")]
    [InlineData(@"[^\W]")]
    [InlineData(@"[^\s]")]
    [InlineData(@"[^\S]")]
    [InlineData(@"[^\s\d,]")]
    [InlineData(@"[^\n\u00e9]")]
    [InlineData(@"[\W\d]")]
    [InlineData(@"[+--]")]
    [InlineData(@"[-a]")]
    [InlineData(@"[a-]")]
    [InlineData(@"[a^]")]
    [InlineData(@"[]-a]")]
    public void No_character_matches_that_dotnet_would_refuse(string pattern)
    {
        var automaton = PatternAutomaton.Of(pattern);
        var expected = new Regex($"^(?:{pattern})\\z", RegexOptions.CultureInvariant);

        char[] matching = [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(one => automaton.Accepts(automaton.Step(automaton.Start, one)))];

        Assert.DoesNotContain(matching, one => !expected.IsMatch(one.ToString()));
        Assert.NotEmpty(matching);
    }
}
