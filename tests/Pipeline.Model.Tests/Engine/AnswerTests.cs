using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Sampling;
using Pipeline.Model.Scheduling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Tests.Engine;

/// <summary>From tokens to answers.</summary>
public sealed class AnswerTests
{
    private static readonly DragonflyTokenizer s_tokenizer = DragonflyTokenizer.Load(TinyCheckpoint.Shipped);
    private static readonly SpecialTokens s_special = SpecialTokens.Of(s_tokenizer);

    [Fact]
    public void A_stop_token_ends_the_answer_and_is_no_part_of_its_text()
    {
        GeneratedAnswer answer = Write(new SamplingParams { MaxTokens = 50 }, [.. s_tokenizer.Encode("A red house"), s_special.EndOfTurn, 40, 41])!;

        Assert.Equal("A red house", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.Equal(s_special.EndOfTurn, answer.TokenIds[^1]);
        Assert.Equal(100 + 3, answer.PromptTokens);
    }

    [Fact]
    public void Going_on_behind_stop_tokens_ends_with_the_last_allowed_token()
    {
        GeneratedAnswer answer = Write(new SamplingParams { MaxTokens = 5, IgnoreEos = true }, [s_special.EndOfTurn, s_special.Begin, .. s_tokenizer.Encode("a b c d e f")])!;

        Assert.Equal(5, answer.TokenIds.Count);
        Assert.Equal(FinishReason.Length, answer.FinishReason);
    }

    [Theory]
    [InlineData("A red house. Then more", ". Th", "A red house")]
    [InlineData("one\n\ntwo", "\n\n", "one")]
    [InlineData("Straße 日本 end", "ße 日", "Stra")]
    [InlineData("stop at once", "stop", "")]
    public void A_stop_text_ends_the_answer_before_it_wherever_tokens_begin(string written, string stop, string expected)
    {
        GeneratedAnswer answer = Write(new SamplingParams { MaxTokens = 200, Stop = ["never", stop] }, [.. s_tokenizer.Encode(written + " and on and on")])!;

        Assert.Equal(expected, answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.Contains(stop, s_tokenizer.Decode(answer.TokenIds), StringComparison.Ordinal);
    }

    [Fact]
    public void Special_tokens_within_a_stop_text_do_not_hide_it()
    {
        int[] tokens = [.. s_tokenizer.Encode("go on"), .. Enumerable.Repeat(s_special.Begin, 3), .. s_tokenizer.Encode(" EN"), s_special.Newline, .. s_tokenizer.Encode("D")];

        Assert.Equal("go on ", Write(new SamplingParams { MaxTokens = 200, IgnoreEos = true, Stop = ["END"] }, tokens)!.Text);
    }

    [Fact]
    public void Of_two_stop_texts_the_first_in_the_text_counts() =>
        Assert.Equal("a ", Write(new SamplingParams { MaxTokens = 99, Stop = ["cd", "bcd"] }, [.. s_tokenizer.Encode("a bcd e")])!.Text);

    [Fact]
    public void An_answer_that_never_stops_is_cut() => Assert.Equal(
        FinishReason.Length, Write(new SamplingParams { MaxTokens = 2 }, [.. s_tokenizer.Encode("a very long text")])!.FinishReason);

    [Fact]
    public void Log_probabilities_are_averaged_and_returned_on_request()
    {
        int[] tokens = [.. s_tokenizer.Encode("a b"), s_special.EndOfTurn];

        GeneratedAnswer without = Write(new SamplingParams { MaxTokens = 99 }, tokens)!;
        GeneratedAnswer with = Write(new SamplingParams { MaxTokens = 99, LogProbs = true }, tokens)!;

        Assert.Empty(without.LogProbabilities);
        Assert.Equal(tokens.Select((_, i) => -i / 2.0), with.LogProbabilities);
        Assert.Equal(with.LogProbabilities.Average(), without.MeanLogProbability, 1e-12);
    }

    [Fact]
    public void Scores_become_a_softmax_over_sums_of_any_size()
    {
        ScoredAnswer answer = ScoredAnswers.Of([-1_000, -1_001, -999], 7);

        Assert.Equal(2, answer.Best);
        Assert.Equal(1, answer.Probabilities.Sum(), 1e-12);
        Assert.Equal(Math.E, answer.Probabilities[0] / answer.Probabilities[1], 1e-9);
    }

    /// <returns>Null where the answer goes on behind the tokens.</returns>
    private static GeneratedAnswer? Write(SamplingParams sampling, IReadOnlyList<int> tokens)
    {
        var sequence = new Sequence(new GeneratePrompt("?", sampling), [1, 2, 3], null);
        _ = new ScheduledRequest(Scheduling.Plans.Image(1), [sequence]);
        var builder = new AnswerBuilder(s_tokenizer, s_special, imagePositions: 100, AnswerPolicy.Of(s_tokenizer));
        foreach ((int i, int token) in tokens.Index())
        {
            if (sequence.Answer is null)
            {
                builder.Take(sequence, new NextTokens([new PickedToken(token, -i / 2f)]));
            }
        }

        return (GeneratedAnswer?)sequence.Answer;
    }
}
