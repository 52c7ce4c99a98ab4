namespace Pipeline.Evaluation.Tests.Protocols;

/// <summary>VQA-RAD, SLAKE and Path-VQA share their rules.</summary>
public sealed class MedicalProtocolTests
{
    public static TheoryData<string> Benchmarks => ["vqa-rad", "slake", "path-vqa"];

    private static readonly (string Truth, string Answer, string Strict, string Legacy)[] s_closed =
    [
        ("yes", "yes", "yes right", "yes right"),
        ("yes", "Yes.", "yes right", "yes right"),
        ("yes", "no", "no wrong", "no out"),
        ("no", "yes", "yes wrong", "yes out"),
        ("no", "no, there isn't", "- wrong", "no right"),
        ("no", "not seen", "- wrong", "no right"),
        ("yes", "not seen", "- wrong", "not seen out"),
        ("yes", "", "- wrong", "- wrong"),
        ("no", "absent", "- wrong", "- wrong"),
        ("yes", "yes and no", "- wrong", "yes right"),
        ("no", "yes and no", "- wrong", "no right"),
        ("left", "Left.", "left right", "- wrong"),
        ("left", "right", "right wrong", "- wrong"),
        ("left", "on the left", "on the left wrong", "- wrong"),
        ("yes", "normal", "- wrong", "normal out"),
        ("no", "normal", "- wrong", "no right"),
        ("MRI", "mri", "mri right", "- wrong"),
        ("no", "none", "- wrong", "- wrong"),
        ("no", "non-specific", "- wrong", "no right"),
        ("yes", "Yes, one of the two", "- wrong", "yes right"),
        ("yes", "No.", "no wrong", "no out"),
    ];

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void Closed_questions(string benchmark) => Assert.All(s_closed, one =>
    {
        Assert.Equal(one.Strict, Judging.Of(benchmark, "strict", Judging.Item(one.Truth), one.Answer));
        Assert.Equal(one.Legacy, Judging.Of(benchmark, "llava-med-legacy", Judging.Item(one.Truth), one.Answer));
    });

    [Theory]
    [MemberData(nameof(Benchmarks))]
    public void A_sentence_with_one_of_the_words_counts_where_it_is_lenient(string benchmark)
    {
        Assert.Equal("no right", Judging.Of(benchmark, "lenient", Judging.Item("no"), "no, there isn't"));
        Assert.Equal("- wrong", Judging.Of(benchmark, "lenient", Judging.Item("no"), "yes and no"));
        Assert.Equal("- wrong", Judging.Of(benchmark, "lenient", Judging.Item("no"), "normal"));
    }

    [Theory]
    [InlineData("pleural effusion", "pleural effusion", "right")]
    [InlineData("pleural effusion", "Effusion, pleural.", "right")]
    [InlineData("pleural effusion", "effusion", "0.67")]
    [InlineData("pleural effusion", "a large pleural effusion", "0.80")]
    [InlineData("pleural effusion", "pneumonia", "wrong")]
    [InlineData("the liver", "liver", "right")]
    [InlineData("the liver", "", "wrong")]
    public void Open_questions_give_token_F1(string truth, string answer, string expected) => Assert.EndsWith(
        expected, Judging.Of("slake", "strict", Judging.Item(truth) with { IsOpen = true }, answer), StringComparison.Ordinal);
}
