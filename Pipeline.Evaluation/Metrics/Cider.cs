namespace Pipeline.Evaluation.Metrics;

/// <summary>CIDEr and CIDEr-D (Vedantam et al. 2015): cosine of texts as TF-IDF vectors of runs of 1 to 4 words, averaged over references, times 10.</summary>
/// <remarks>Document frequencies are those of the corpus's own references, one document an image; words are not stemmed, as in the COCO caption scorer.</remarks>
public sealed class Cider
{
    private const int Longest = 4;
    private const double Sigma = 6;
    private const double Scale = 10;
    private readonly Dictionary<string, int> _documents = [];
    private readonly double _logImages;

    /// <param name="corpus">Each image's references as words.</param>
    public Cider(IReadOnlyCollection<IReadOnlyList<IReadOnlyList<string>>> corpus)
    {
        _logImages = Math.Log(Math.Max(1, corpus.Count));
        foreach (string gram in corpus.SelectMany(references => references.SelectMany(AllGrams).Distinct()))
        {
            _documents[gram] = _documents.GetValueOrDefault(gram) + 1;
        }
    }

    /// <summary>CIDEr-D: clipped counts, and a Gaussian of the difference in length, σ = 6. 0 to 10.</summary>
    public double D(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references) => Mean(text, references, clipped: true);

    /// <summary>CIDEr as first defined, without clipping and length penalty. 0 to 10.</summary>
    public double Plain(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references) => Mean(text, references, clipped: false);

    private double Mean(IReadOnlyList<string> text, IReadOnlyList<IReadOnlyList<string>> references, bool clipped) =>
        references.Count == 0 ? 0 : Scale * references.Average(reference => Enumerable.Range(1, Longest).Average(n => Similarity(text, reference, n, clipped)));

    private double Similarity(IReadOnlyList<string> text, IReadOnlyList<string> reference, int n, bool clipped)
    {
        Dictionary<string, double> one = Vector(text, n), other = Vector(reference, n);
        double norms = Math.Sqrt(one.Values.Sum(value => value * value)) * Math.Sqrt(other.Values.Sum(value => value * value));
        double dot = one.Sum(gram => other.TryGetValue(gram.Key, out double weight) ? (clipped ? Math.Min(gram.Value, weight) : gram.Value) * weight : 0);
        double difference = text.Count - reference.Count;
        return norms == 0 ? 0 : dot / norms * (clipped ? Math.Exp(-difference * difference / (2 * Sigma * Sigma)) : 1);
    }

    // Raw counts stand in for frequencies: the cosine does not change.
    private Dictionary<string, double> Vector(IReadOnlyList<string> words, int n) => Words.Grams(words, n)
        .ToDictionary(gram => gram.Key, gram => gram.Value * (_logImages - Math.Log(Math.Max(1, _documents.GetValueOrDefault(gram.Key)))));

    private static IEnumerable<string> AllGrams(IReadOnlyList<string> words) => Enumerable.Range(1, Longest).SelectMany(n => Words.Grams(words, n).Keys);
}
