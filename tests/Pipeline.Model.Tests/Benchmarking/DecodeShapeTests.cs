using Pipeline.Model.Benchmarking;

namespace Pipeline.Model.Tests.Benchmarking;

public sealed class DecodeShapeTests
{
    [Fact]
    public void Captions_share_no_image() => Assert.Equal(new DecodeShape(32, 32, 55), DecodeShape.Of([new TextLength(39, 32)], 32));

    [Fact]
    public void All_questions_of_an_image_share_it() =>
        Assert.Equal(new DecodeShape(30, 6, 27), DecodeShape.Of([.. Enumerable.Repeat(new TextLength(25, 4), 5)], 29.8));

    /// <summary>A caption of 32 tokens goes on alone when its 8 questions have their 4: 31 + 8·3 tokens in 31 steps.</summary>
    [Fact]
    public void Short_answers_share_with_a_long_one_only_while_they_last()
    {
        DecodeShape shape = DecodeShape.Of([new TextLength(39, 32), .. Enumerable.Repeat(new TextLength(25, 4), 8)], 32);

        Assert.Equal(18, shape.Images);
        Assert.Equal(43, shape.TextPositions);
    }

    [Fact]
    public void There_is_never_less_than_one_sequence() =>
        Assert.Equal(new DecodeShape(1, 1, 27), DecodeShape.Of([.. Enumerable.Repeat(new TextLength(25, 4), 5)], 0.4));
}
