using Pipeline.Model.Engine;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Quality;

public sealed class AnswerDefectsTests
{
    [Theory]
    [InlineData("", FinishReason.Stop, AnswerDefect.Empty)]
    [InlineData(" \n", FinishReason.Length, AnswerDefect.Empty)]
    [InlineData("A red circle is left of a", FinishReason.Length, AnswerDefect.Truncated)]
    [InlineData("I'm sorry, but I can't help with that.", FinishReason.Stop, AnswerDefect.Refusal)]
    [InlineData("I’m unable to see the image.", FinishReason.Stop, AnswerDefect.Refusal)]
    [InlineData("As an AI language model, I do not see images.", FinishReason.Length, AnswerDefect.Refusal)]
    [InlineData("the the the the the the the the the", FinishReason.Stop, AnswerDefect.Loop)]
    [InlineData("A cat. A cat sits on a mat. A cat sits on a mat. A cat sits on a mat. A cat sits on a", FinishReason.Length, AnswerDefect.Loop)]
    [InlineData("No!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", FinishReason.Length, AnswerDefect.Loop)]
    [InlineData("中中中中中中中中中中中中中中中中中中中中中中中中中中中中", FinishReason.Length, AnswerDefect.Loop)]
    public void Unfit(string text, FinishReason reason, AnswerDefect expected) => Assert.Equal(expected, AnswerDefects.Find(text, reason));

    [Theory]
    [InlineData("A red circle is left of a blue square.")]
    [InlineData("A red cup, a blue cup, a green cup, a red cup, a yellow cup, a blue cup and a white cup stand on a shelf.")]
    [InlineData("It is very, very, very big: a long, long wall.")]
    [InlineData("The sign reads 1 1 1 1 1 1 in a row.")]
    [InlineData("A man says: I cannot go on. I'm sorry, but I can't.")]
    [InlineData("A table of contents ............ 12")]
    [InlineData("Row 1: cat, dog. Row 2: cat, dog. Row 3: dog, cat. Row 4: bird, dog.")]
    public void Fit(string text) => Assert.Null(AnswerDefects.Find(text, FinishReason.Stop));

    [Fact]
    public void Each_retry_goes_further_from_greedy_with_a_seed_of_its_own()
    {
        var greedy = new SamplingParams { MaxTokens = 50, Stop = ["\n"], Seed = 4, LogProbs = true };

        SamplingParams first = RetrySampling.For(greedy, 1), second = RetrySampling.For(greedy, 2), fifth = RetrySampling.For(greedy, 5);

        Assert.Equal((0.3, 0.6, 1.2), (first.Temperature, second.Temperature, fifth.Temperature));
        Assert.Equal(3, new[] { greedy.Seed, first.Seed, second.Seed }.Distinct().Count());
        Assert.Equal((50, 0.9, 1.15), (first.MaxTokens, first.TopP, first.RepetitionPenalty));
        Assert.Equal(first, RetrySampling.For(greedy, 1));
        Assert.Equal(1.5, RetrySampling.For(greedy with { Temperature = 1.5 }, 3).Temperature); // never cooler than asked for
    }
}
