using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Constraints;
using Pipeline.Model.Constraints.Patterns;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tokenization;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Constraints;

public sealed class ShapeConstraintTests
{
    private static readonly DragonflyTokenizer s_tokenizer = DragonflyTokenizer.Load(TinyCheckpoint.Shipped);
    private static readonly TokenVocabulary s_vocabulary = new(s_tokenizer, SpecialTokens.Of(s_tokenizer).EndOfTurn);

    private static readonly Lazy<(DragonflyTokenizer Tokenizer, TokenVocabulary Vocabulary)> s_llama3 = new(() =>
    {
        var tokenizer = DragonflyTokenizer.Load(ReferenceData.Folder("tokenizer", "llama3"));
        return (tokenizer, new TokenVocabulary(tokenizer, SpecialTokens.Of(tokenizer).EndOfTurn));
    });

    /// <summary>Whatever the model would rather say, and wherever max_tokens cuts it.</summary>
    [Fact]
    public void Every_answer_matches()
    {
        Gen<string> atom = Gen.Elements("a", "[a-f]", "\\d", "red", "(x|yz)", ".", "[^q]", "-", "[^\\s]", "[^\\d]", "[^\\w]", "\\S", "()");
        Gen<string> part = atom.SelectMany(text => Gen.Elements("", "?", "*", "+", "{2,4}").Select(times => $"({text}){times}"));
        Gen<string> pattern = part.NonEmptyListOf().Select(parts => string.Concat(parts.Take(6)));
        var cases = pattern.SelectMany(text => Gen.Choose(0, 30).SelectMany(spare => Gen.Choose(0, 1_000_000).Select(seed => (Pattern: text, Spare: spare, Seed: seed))));

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var constraint = new ShapeConstraint(one.Pattern, s_vocabulary);
            int maxTokens = constraint.FewestTokens + Math.Max(one.Spare, constraint.FewestTokens == 0 ? 1 : 0);
            string answer = Write(constraint, maxTokens, new Random(one.Seed));
            Assert.True(Regex.IsMatch(answer, $"^(?:{one.Pattern})\\z"), $"'{answer}' does not match {one.Pattern}");
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>On the vocabulary with most to get wrong: letters, digits and spaces of every script.</summary>
    [Theory]
    [InlineData(@"[^\d]{1,20}")]
    [InlineData(@"[^\w]{1,20}")]
    [InlineData(@"[^\s]{1,20}")]
    [InlineData(@"[^\D]{1,20}")]
    public void What_is_left_of_a_class_is_what_dotnet_leaves(string pattern)
    {
        var constraint = new ShapeConstraint(pattern, s_llama3.Value.Vocabulary);
        float[] logits = new float[s_llama3.Value.Tokenizer.VocabularySize];

        constraint.Apply(logits, [], maxTokens: 20);

        string[] allowed = [.. logits.Index().Where(token => token.Item == 0).Select(token => s_llama3.Value.Vocabulary.TextOf[token.Index])];
        Assert.NotEmpty(allowed);
        Assert.All(allowed, text => Assert.Matches($"^(?:{pattern})\\z", text));
    }

    /// <summary>Tokens found through the trie are those that a look at each one finds.</summary>
    [Theory]
    [InlineData("[a-z]{3,12}")]
    [InlineData(@"-?\d+(\.\d+)?")]
    [InlineData("(ü|é|中)+!")]
    [InlineData(".{0,6}")]
    public void The_trie_finds_every_token_that_can_be_read(string pattern)
    {
        var automaton = PatternAutomaton.Of(pattern);
        List<int[]> states = [automaton.Start];
        int Step(int state, char next)
        {
            states.Add(automaton.Step(states[state], next));
            return states[^1].Length == 0 ? -1 : states.Count - 1;
        }

        int[] found = [.. s_llama3.Value.Vocabulary.Readable(0, Step).Select(token => token.Id).Order()];

        Assert.Equal(s_llama3.Value.Vocabulary.TextOf.Where(token => token.Value.Aggregate(automaton.Start, automaton.Step).Length > 0).Select(token => token.Key).Order(), found);
    }

    [Fact]
    public void An_answer_ends_where_nothing_more_may_come()
    {
        var picker = (TokenSampler)new TokenPickers(() => s_vocabulary).For(new SamplingParams { MaxTokens = 10 }, new AnswerShape("(yes|no)"), [])!;
        List<int> generated = [];
        while (generated is [] || generated[^1] != s_vocabulary.EndOfTurn)
        {
            generated.Add(picker.Pick(new float[s_tokenizer.VocabularySize], generated).Id);
        }

        Assert.Contains(s_tokenizer.Decode(generated), (string[])["yes", "no"]);
    }

    [Fact]
    public void A_shape_that_max_tokens_can_not_hold_is_refused_before_anything_runs()
    {
        var pickers = new TokenPickers(() => s_vocabulary);

        Assert.Contains("raise it", Assert.Throws<ArgumentException>(() => pickers.For(new SamplingParams { MaxTokens = 4 }, new AnswerShape("[a-z]{5}"), [])).Message, StringComparison.Ordinal);
        Assert.Contains("no tokens to write", Assert.Throws<ArgumentException>(() => pickers.For(new SamplingParams { MaxTokens = 4 }, new AnswerShape("\\u4e2d"), [])).Message, StringComparison.Ordinal);
        Assert.Contains("at character 1", Assert.Throws<ArgumentException>(() => pickers.For(new SamplingParams { MaxTokens = 4 }, new AnswerShape("("), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Greedy_without_penalty_and_shape_needs_nobody() =>
        Assert.Null(new TokenPickers(() => throw new InvalidOperationException()).For(new SamplingParams { MaxTokens = 4, TopK = 3, Seed = 5 }, null, []));

    /// <summary>128,000 tokens, many of them longer than a character, some of them parts of one.</summary>
    [Fact]
    public void Llama_3s_vocabulary_writes_numbers_and_words()
    {
        (DragonflyTokenizer tokenizer, TokenVocabulary vocabulary) = s_llama3.Value;
        var random = new Random(3);
        foreach (string pattern in (string[])[@"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?", "[a-z]{3,12}( [a-z]{3,12}){2}", "(ü|é|中)+!", ".{5,40}"])
        {
            var constraint = new ShapeConstraint(pattern, vocabulary);
            for (int i = 0; i < 5; i++)
            {
                List<int> ids = [];
                string answer = Write(constraint, 60, random, tokenizer, ids);
                Assert.Matches($"^(?:{pattern})\\z", answer);
            }
        }
    }

    private static string Write(ShapeConstraint constraint, int maxTokens, Random random) => Write(constraint, maxTokens, random, s_tokenizer, []);

    private static string Write(ShapeConstraint constraint, int maxTokens, Random random, DragonflyTokenizer tokenizer, List<int> generated)
    {
        int end = SpecialTokens.Of(tokenizer).EndOfTurn;
        var sampler = new TokenSampler(new SamplingParams { MaxTokens = maxTokens }, [], constraint);
        while (generated.Count < maxTokens && (generated is [] || generated[^1] != end))
        {
            float[] logits = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(_ => random.NextSingle())];
            generated.Add(sampler.Pick(logits, generated).Id);
        }

        return tokenizer.Decode(generated);
    }
}
