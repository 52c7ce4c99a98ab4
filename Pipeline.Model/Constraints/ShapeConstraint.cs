using System.Buffers;
using Pipeline.Model.Constraints.Patterns;

namespace Pipeline.Model.Constraints;

/// <summary>Keeps an answer to a pattern: tokens that lead away from it, or further from its end than tokens are left, become impossible.</summary>
/// <remarks>
/// The answer begins right behind the header's newlines, so it has no leading space but where the pattern has one. Every character
/// that is left to write may take a token of its own; with that counted, an answer matches however it is cut. Made for the engine's one thread.
/// </remarks>
internal sealed class ShapeConstraint
{
    /// <summary>Most tokens remembered of all states; beyond, they are found anew.</summary>
    private const int MostRemembered = 8_000_000;

    private const int Unknown = -2;

    private readonly TokenVocabulary _vocabulary;
    private readonly PatternAutomaton _automaton;
    private readonly CharPartition _alphabet;
    private readonly int[] _distances;
    private readonly List<State> _states = [];
    private readonly Dictionary<string, int> _known = [];
    private long _remembered;

    /// <exception cref="PatternException">The pattern can't be used.</exception>
    public ShapeConstraint(string pattern, TokenVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _automaton = PatternAutomaton.Of(pattern);
        _alphabet = new CharPartition(_automaton.Ranges);
        _distances = _automaton.Distances(range => HasToken(vocabulary.SingleCharacters, range));
        FewestTokens = _states[IndexOf(_automaton.Start)].Distance;
    }

    /// <summary>Tokens that any match may take, however long the vocabulary's are; <see cref="int.MaxValue"/> where the vocabulary can write none.</summary>
    public int FewestTokens { get; }

    /// <summary>Makes the logits of all tokens −∞ that may not come next.</summary>
    /// <param name="logits"><c>[vocabulary]</c></param>
    /// <param name="generated">Ids of the answer so far, all of them allowed when they were chosen.</param>
    /// <param name="maxTokens">Most tokens of the answer, at least <see cref="FewestTokens"/>.</param>
    public void Apply(Span<float> logits, IReadOnlyList<int> generated, int maxTokens)
    {
        int state = 0;
        foreach (char character in generated.SelectMany(id => _vocabulary.TextOf[id]))
        {
            state = Step(state, character);
        }

        int left = maxTokens - generated.Count - 1;
        (int Id, int State)[] tokens = TokensFrom(state);
        float[] kept = ArrayPool<float>.Shared.Rent(tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            kept[i] = logits[tokens[i].Id];
        }

        float end = logits[_vocabulary.EndOfTurn];
        logits.Fill(float.NegativeInfinity);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (_states[tokens[i].State].Distance <= left)
            {
                logits[tokens[i].Id] = Possible(kept[i]);
            }
        }

        if (_states[state].Accepts)
        {
            logits[_vocabulary.EndOfTurn] = Possible(end);
        }

        ArrayPool<float>.Shared.Return(kept);
    }

    /// <summary>What may come stays possible, however little the model thinks of it; NaN is no number to choose by.</summary>
    private static float Possible(float logit) => float.IsNaN(logit) ? float.NegativeInfinity : Math.Max(logit, float.MinValue);

    private (int Id, int State)[] TokensFrom(int state)
    {
        if (_states[state].Tokens is { } known)
        {
            return known;
        }

        (int Id, int State)[] tokens = _vocabulary.Readable(state, Step);
        if ((_remembered += tokens.Length) > MostRemembered)
        {
            _states.ForEach(one => one.Tokens = null);
            _remembered = tokens.Length;
        }

        return _states[state].Tokens = tokens;
    }

    private int Step(int state, char next)
    {
        int[] steps = _states[state].Steps;
        int to = steps[_alphabet.ClassOf(next)];
        if (to == Unknown)
        {
            int[] states = _automaton.Step(_states[state].Members, next);
            steps[_alphabet.ClassOf(next)] = to = states.Length == 0 ? -1 : IndexOf(states);
        }

        return to;
    }

    private int IndexOf(int[] members)
    {
        string key = string.Join(' ', members);
        if (!_known.TryGetValue(key, out int index))
        {
            _known[key] = index = _states.Count;
            _states.Add(new State(members, _automaton.Accepts(members), members.Min(member => _distances[member]), StepsOf()));
        }

        return index;
    }

    private int[] StepsOf()
    {
        int[] steps = new int[_alphabet.Count];
        Array.Fill(steps, Unknown);
        return steps;
    }

    private static bool HasToken(IReadOnlyList<char> characters, CharRange range)
    {
        int first = 0, end = characters.Count;
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            (first, end) = characters[middle] < range.First ? (middle + 1, end) : (first, middle);
        }

        return first < characters.Count && range.Holds(characters[first]);
    }

    /// <param name="Members">Of the automaton, ascending.</param>
    /// <param name="Accepts">Whether an answer may end here.</param>
    /// <param name="Distance">Fewest characters to where one may.</param>
    /// <param name="Steps">By class of character: the next state, −1 where there is none, <see cref="Unknown"/> until it is asked for.</param>
    private sealed record State(int[] Members, bool Accepts, int Distance, int[] Steps)
    {
        public (int Id, int State)[]? Tokens { get; set; }
    }
}
