using System.Text.RegularExpressions;

namespace Pipeline.Evaluation.Metrics;

/// <summary>Overlap of words as bags (SQuAD, Rajpurkar et al. 2016): lower case, without punctuation and the articles a, an, the.</summary>
public static partial class TokenF1
{
    /// <returns>Each 0 to 1. Two texts without words agree wholly; one without words against one with words not at all.</returns>
    public static (double Precision, double Recall, double F1) Of(string answer, string reference)
    {
        List<string> said = Bag(answer), wanted = Bag(reference);
        if (said.Count == 0 || wanted.Count == 0)
        {
            double same = said.Count == wanted.Count ? 1 : 0;
            return (same, same, same);
        }

        ILookup<string, string> has = said.ToLookup(word => word);
        int common = wanted.GroupBy(word => word).Sum(group => Math.Min(group.Count(), has[group.Key].Count()));
        double precision = (double)common / said.Count, recall = (double)common / wanted.Count;
        return (precision, recall, common == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }

    private static List<string> Bag(string text) =>
        [.. Punctuation().Replace(text.ToLowerInvariant(), "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("a" or "an" or "the"))];

    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Punctuation();
}
