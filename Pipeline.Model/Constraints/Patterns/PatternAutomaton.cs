namespace Pipeline.Model.Constraints.Patterns;

/// <summary>A nondeterministic automaton (Thompson's construction) of a pattern, stepped with sets of states.</summary>
/// <remarks>Never made deterministic as a whole: that grows exponentially for some patterns, and an answer visits few sets.</remarks>
internal sealed class PatternAutomaton
{
    /// <summary>Most states: a pattern beyond is a mistake, or an attack.</summary>
    private const int MostStates = 4_000;

    private readonly List<State> _states = [];
    private readonly string _pattern;
    private readonly int _accept;

    private PatternAutomaton(string pattern, PatternNode node)
    {
        _pattern = pattern;
        int first = Add();
        _accept = Compile(node, first);
        Start = Closure([first]);
    }

    /// <summary>States before the first character, ascending.</summary>
    public int[] Start { get; }

    public int Count => _states.Count;

    /// <summary>All that some step depends on.</summary>
    public IEnumerable<CharRange> Ranges => _states.SelectMany(state => state.Edges).SelectMany(edge => edge.Ranges);

    /// <exception cref="PatternException">The pattern can't be used.</exception>
    public static PatternAutomaton Of(string pattern) => new(pattern, PatternParser.Parse(pattern));

    public bool Accepts(int[] states) => Array.BinarySearch(states, _accept) >= 0;

    /// <returns>States behind one more character, ascending; none where the pattern allows no such text.</returns>
    public int[] Step(int[] states, char next)
    {
        HashSet<int> reached = [];
        foreach (int state in states)
        {
            foreach ((IReadOnlyList<CharRange> ranges, int to) in _states[state].Edges)
            {
                if (ranges.Any(range => range.Holds(next)))
                {
                    reached.Add(to);
                }
            }
        }

        return reached.Count == 0 ? [] : Closure(reached);
    }

    /// <summary>Fewest characters from each state to a match; <see cref="int.MaxValue"/> where none leads there.</summary>
    /// <param name="usable">Characters that can be written; null: all.</param>
    public int[] Distances(Func<CharRange, bool>? usable = null)
    {
        int[] distances = [.. Enumerable.Repeat(int.MaxValue, Count)];
        distances[_accept] = 0;
        var into = Enumerable.Range(0, Count).SelectMany(from => _states[from].Empty.Select(to => (From: from, To: to, Cost: 0))
            .Concat(_states[from].Edges.Where(edge => edge.Ranges.Any(usable ?? (_ => true))).Select(edge => (From: from, edge.To, Cost: 1)))).ToLookup(edge => edge.To);
        var queue = new PriorityQueue<int, int>([(_accept, 0)]);
        while (queue.TryDequeue(out int state, out int distance))
        {
            foreach ((int from, _, int cost) in into[state].Where(edge => distance == distances[state] && distance + edge.Cost < distances[edge.From]))
            {
                distances[from] = distance + cost;
                queue.Enqueue(from, distance + cost);
            }
        }

        return distances;
    }

    private int Add()
    {
        if (_states.Count == MostStates)
        {
            throw new PatternException(_pattern, 0, $"it needs more than {MostStates:N0} states; lower its repetitions");
        }

        _states.Add(new State([], []));
        return _states.Count - 1;
    }

    /// <returns>The state behind <paramref name="node"/>, entered at <paramref name="from"/>.</returns>
    private int Compile(PatternNode node, int from)
    {
        switch (node)
        {
            case PatternNode.Characters characters:
                int behind = Add();
                _states[from].Edges.Add((characters.Ranges, behind));
                return behind;
            case PatternNode.Sequence { Parts.Count: 0 }:
                int nothing = Add(); // so that repetitions of nothing are counted too
                _states[from].Empty.Add(nothing);
                return nothing;
            case PatternNode.Sequence sequence:
                return sequence.Parts.Aggregate(from, (state, part) => Compile(part, state));
            case PatternNode.Choice choice:
                int joined = Add();
                foreach (PatternNode option in choice.Options)
                {
                    int entry = Add();
                    _states[from].Empty.Add(entry);
                    _states[Compile(option, entry)].Empty.Add(joined);
                }

                return joined;
            case PatternNode.Repeat repeat:
                return Repeat(repeat, from);
            default:
                throw new ArgumentException($"A {node.GetType().Name} is no part of a pattern.", nameof(node));
        }
    }

    private int Repeat(PatternNode.Repeat repeat, int from)
    {
        int state = from;
        for (int i = 0; i < repeat.Minimum; i++)
        {
            state = Compile(repeat.Part, state);
        }

        if (repeat.Maximum is not { } most)
        {
            int loop = Add(); // a state of its own: nothing that was there before is entered again
            _states[state].Empty.Add(loop);
            _states[Compile(repeat.Part, loop)].Empty.Add(loop);
            return loop;
        }

        int end = Add();
        for (int i = repeat.Minimum; i < most; i++)
        {
            _states[state].Empty.Add(end);
            int entry = Add();
            _states[state].Empty.Add(entry);
            state = Compile(repeat.Part, entry);
        }

        _states[state].Empty.Add(end);
        return end;
    }

    private int[] Closure(IEnumerable<int> states)
    {
        HashSet<int> reached = [.. states];
        var open = new Stack<int>(reached);
        while (open.TryPop(out int state))
        {
            foreach (int next in _states[state].Empty.Where(reached.Add))
            {
                open.Push(next);
            }
        }

        return [.. reached.Order()];
    }

    private sealed record State(List<(IReadOnlyList<CharRange> Ranges, int To)> Edges, List<int> Empty);
}
