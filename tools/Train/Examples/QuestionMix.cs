using System.Text.Json;

namespace Train.Examples;

/// <summary>Chooses what to ask of a scene: a topic comes the more often, the more of its answers are wrong so far.</summary>
/// <remarks>
/// What the model can do costs as many tokens as what it can't yet, and teaches nothing. Which answer is right plays no part in the choice, so that the
/// answers stay as frequent as they are and confidences stay honest.
/// </remarks>
internal sealed class QuestionMix
{
    /// <summary>Weight of an answer in the running share of right ones: about the last hundred count.</summary>
    private const double Share = 0.01;

    /// <summary>Of a topic without mistakes, which may be forgotten else.</summary>
    private const double LeastWeight = 0.04;

    private readonly SortedDictionary<string, double> _right;

    private QuestionMix(SortedDictionary<string, double> right) => _right = right;

    public QuestionMix()
        : this(new SortedDictionary<string, double>(StringComparer.Ordinal))
    {
    }

    public double Weight(string topic) => Math.Max(LeastWeight, 1 - _right.GetValueOrDefault(topic));

    public void Count(string topic, bool isRight) =>
        _right[topic] = ((1 - Share) * _right.GetValueOrDefault(topic)) + (isRight ? Share : 0);

    /// <summary>Draws without replacement, each with the chance of its topic's weight among what is left (Efraimidis and Spirakis 2006).</summary>
    public IEnumerable<ExampleTurn> Choose(IReadOnlyList<ExampleTurn> turns, int count, Random random) =>
        turns.OrderByDescending(turn => Math.Pow(random.NextDouble(), 1 / Weight(turn.Topic))).Take(count);

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(_right));

    public static QuestionMix Read(string file) => new(JsonSerializer.Deserialize<SortedDictionary<string, double>>(File.ReadAllText(file))
        ?? throw new InvalidDataException($"'{file}' holds no shares of right answers."));
}
