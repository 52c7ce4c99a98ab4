using Pipeline.Evaluation.Metrics;

namespace Pipeline.Evaluation.Tests.Metrics;

/// <summary>Metrics of texts against worked examples; each names its source.</summary>
public sealed class CaptionMetricTests
{
    /// <summary>Papineni et al. 2002, section 2.1: "the" seven times, of which two are in a reference: 2/7.</summary>
    [Fact]
    public void Bleu_clips_as_in_the_papers_example() => Assert.Equal(
        2, Counts("the the the the the the the", "The cat is on the mat.", "There is a cat on the mat.").Matches[0]);

    /// <summary>Papineni et al. 2002, examples 1 and 2 and their modified precisions: 17/18, 8/14 for unigrams; 10/17, 1/13 for bigrams.</summary>
    [Theory]
    [InlineData("It is a guide to action which ensures that the military always obeys the commands of the party", 18, 17, 10)]
    [InlineData("It is to insure the troops forever hearing the activity guidebook that party direct", 14, 8, 1)]
    public void Bleu_counts_as_in_the_papers_examples(string candidate, int words, int unigrams, int bigrams)
    {
        BleuCounts counts = Counts(
            candidate,
            "It is a guide to action that ensures that the military will forever heed Party commands",
            "It is the guiding principle which guarantees the military forces always being under the command of the Party",
            "It is the practical guide for the army always to heed the directions of the party");
        Assert.Equal((words, unigrams, bigrams), (counts.Length, counts.Matches[0], counts.Matches[1]));
    }

    /// <summary>By hand: 4 of 4 words and 3 of 3 pairs in a text of 4 words against 5: e^(1 − 5/4); no run of four in "a b c d e" is missed.</summary>
    [Fact]
    public void Bleu_punishes_brevity()
    {
        double[] scores = Bleu.Of([Counts("a b c d", "a b c d e")]);
        Assert.All(scores, score => Assert.Equal(Math.Exp(1 - 1.25), score, 12));
    }

    /// <summary>By hand: unigrams 5/6, bigrams 3/5, trigrams 1/4, no run of four.</summary>
    [Fact]
    public void Bleu_is_nothing_where_an_order_has_no_match()
    {
        double[] scores = Bleu.Of([Counts("the cat sat on the mat", "the cat is on the mat")]);
        Assert.Equal([5.0 / 6, Math.Sqrt(5.0 / 6 * 3 / 5), Math.Cbrt(5.0 / 6 * 3 / 5 * 1 / 4), 0], scores, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>Lin 2004, section 3.1: against "police killed the gunman", "police kill the gunman" has 3/4 and "the gunman kill police" 2/4 at β = 1.</summary>
    [Theory]
    [InlineData("police kill the gunman", 0.75)]
    [InlineData("the gunman kill police", 0.5)]
    public void RougeL_of_the_papers_example(string candidate, double expected) =>
        Assert.Equal(expected, RougeL.Of(Words.Of(candidate), [Words.Of("police killed the gunman")], beta: 1), 12);

    /// <summary>By hand: precision 1, recall 1/2, β = 1.2: 2.44 · 0.5 ÷ (0.5 + 1.44).</summary>
    [Fact]
    public void RougeL_weighs_recall_as_coco_does() => Assert.Equal(1.22 / 1.94, RougeL.Of(["a", "b"], [["a", "b", "c", "d"]]), 12);

    /// <summary>The worked table of METEOR in Wikipedia's article, from Banerjee and Lavie 2005.</summary>
    [Theory]
    [InlineData("on the mat sat the cat", 0.5)]
    [InlineData("the cat sat on the mat", 0.9977)]
    [InlineData("the cat was sat on the mat", 0.9654)]
    public void Meteor_of_the_known_example(string candidate, double expected) =>
        Assert.Equal(expected, MeteorExact.Of(Words.Of(candidate), [Words.Of("the cat sat on the mat")]), 4);

    /// <summary>By hand: two images without a common word; a caption equal to its reference has cosine 1 in all four orders.</summary>
    [Fact]
    public void Cider_of_equal_texts_is_ten()
    {
        Cider cider = new([[Words.Of("a red ball rolls")], [Words.Of("two green cats sleep")]]);
        Assert.Equal(10, cider.D(Words.Of("a red ball rolls"), [Words.Of("a red ball rolls")]), 9);
        Assert.Equal(0, cider.D(Words.Of("two green cats sleep"), [Words.Of("a red ball rolls")]), 9);
    }

    /// <summary>
    /// By hand: "red ball" against "red ball rolls", three images, all grams in one image each, so weights are equal: cosines 2/√6 and 1/√2 for one and two words,
    /// nothing beyond; CIDEr-D times e^(−1/72).
    /// </summary>
    [Fact]
    public void Cider_of_a_shorter_text()
    {
        Cider cider = new([[Words.Of("red ball rolls")], [Words.Of("green cats sleep")], [Words.Of("one blue door")]]);
        double expected = 10 * ((2 / Math.Sqrt(6)) + (1 / Math.Sqrt(2))) / 4;
        Assert.Equal(expected, cider.Plain(Words.Of("red ball"), [Words.Of("red ball rolls")]), 9);
        Assert.Equal(expected * Math.Exp(-1.0 / 72), cider.D(Words.Of("red ball"), [Words.Of("red ball rolls")]), 9);
    }

    /// <summary>
    /// By hand: "red" five times and "ball" against "red ball", all weights equal. Plain: (5 + 1) ÷ √(26·2) and 1 ÷ √17. CIDEr-D counts "red" once, times e^(−16/72).
    /// </summary>
    [Fact]
    public void CiderD_clips_repeated_words()
    {
        Cider cider = new([[Words.Of("red ball")], [Words.Of("green cat")]]);
        IReadOnlyList<string> text = Words.Of("red red red red red ball");
        Assert.Equal(10 * ((6 / Math.Sqrt(52)) + (1 / Math.Sqrt(17))) / 4, cider.Plain(text, [Words.Of("red ball")]), 9);
        Assert.Equal(10 * ((2 / Math.Sqrt(52)) + (1 / Math.Sqrt(17))) / 4 * Math.Exp(-16.0 / 72), cider.D(text, [Words.Of("red ball")]), 9);
    }

    /// <summary>By hand: cat and dog are named in the first, ball in the second; the dog is not there. "Cattle" is no cat, and a name of two words is looked for whole.</summary>
    [Fact]
    public void Chair_counts_invented_objects()
    {
        string[] vocabulary = ["cat", "dog", "ball", "dining table"];
        ChairCounts[] counts =
        [
            ChairCounts.Of("Two cats and a dog: a cat!", ["Cat"], vocabulary), ChairCounts.Of("A ball!", ["ball"], vocabulary), ChairCounts.Of("Cattle at dining, no table", [], vocabulary),
        ];
        Assert.Equal([new ChairCounts(2, 1), new ChairCounts(1, 0), new ChairCounts(0, 0)], counts);
        Chair chair = Chair.Of(counts);
        Assert.Equal((1.0 / 3, 1.0 / 3), (chair.Instance, chair.Sentence));
    }

    /// <summary>The worked example in the documentation of NLTK's corpus_bleu (www.nltk.org, nltk.translate.bleu_score): 0.5920 for both texts, 0.6223 for the mean of each.</summary>
    [Fact]
    public void Bleu_of_the_example_in_nltk()
    {
        BleuCounts[] counts =
        [
            Cased(
                "It is a guide to action which ensures that the military always obeys the commands of the party",
                "It is a guide to action that ensures that the military will forever heed Party commands",
                "It is the guiding principle which guarantees the military forces always being under the command of the Party",
                "It is the practical guide for the army always to heed the directions of the party"),
            Cased("he read the book because he was interested in world history", "he was interested in world history because he read the book"),
        ];
        Assert.Equal(0.5920, Bleu.Of(counts)[3], 0.0001);
        Assert.Equal(0.6223, counts.Average(one => Bleu.Of([one])[3]), 0.0001);

        static BleuCounts Cased(string candidate, params string[] references) => BleuCounts.Of(candidate.Split(' '), [.. references.Select(reference => reference.Split(' '))]);
    }

    /// <summary>The worked example in the readme of aac-metrics (github.com/Labbeti/aac-metrics), made with the COCO scorers' rules: BLEU-1 0.4278; CIDEr-D 1.3641, 0.5587, mean 0.9614.</summary>
    [Fact]
    public void Bleu_and_cider_of_the_example_in_aac_metrics()
    {
        IReadOnlyList<string>[] texts = [Words.Of("a man is speaking"), Words.Of("rain falls")];
        IReadOnlyList<IReadOnlyList<string>>[] references =
        [
            [Words.Of("a man speaks."), Words.Of("someone speaks."), Words.Of("a man is speaking while a bird is chirping in the background")],
            [Words.Of("rain is falling hard on a surface")],
        ];
        Cider cider = new(references);
        double[] scores = [.. texts.Zip(references, cider.D)];
        Assert.Equal(1.3641, scores[0], 0.0001);
        Assert.Equal(0.5587, scores[1], 0.0001);
        Assert.Equal(0.9614, scores.Average(), 0.0001);
        Assert.Equal(0.4278, Bleu.Of([.. texts.Zip(references, BleuCounts.Of)])[0], 0.0001);
    }

    private static BleuCounts Counts(string candidate, params string[] references) => BleuCounts.Of(Words.Of(candidate), [.. references.Select(Words.Of)]);
}
