using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Constraints;

/// <summary>The texts that single tokens stand for, as a trie: a common beginning is read once.</summary>
internal sealed class TokenVocabulary
{
    /// <summary>Depth first: a node's children stand behind it, up to <see cref="Node.Behind"/>.</summary>
    private readonly Node[] _nodes;
    private readonly int _deepest;

    /// <param name="tokenizer">Of the model. Special tokens, and tokens that are only a part of a character's UTF-8, stand for no text.</param>
    /// <param name="endOfTurn">Ends an answer.</param>
    public TokenVocabulary(DragonflyTokenizer tokenizer, int endOfTurn)
    {
        EndOfTurn = endOfTurn;
        (int Id, string Text)[] tokens = [.. tokenizer.WholeTexts().OrderBy(token => token.Text, StringComparer.Ordinal)];
        TextOf = tokens.ToDictionary(token => token.Id, token => token.Text);
        SingleCharacters = [.. tokens.Where(token => token.Text.Length == 1).Select(token => token.Text[0])];
        _deepest = tokens.Max(token => token.Text.Length);
        _nodes = NodesOf(tokens);
    }

    public int EndOfTurn { get; }

    /// <summary>Text of each token that has one.</summary>
    public IReadOnlyDictionary<int, string> TextOf { get; }

    /// <summary>Characters that are a token by themselves, ascending.</summary>
    public IReadOnlyList<char> SingleCharacters { get; }

    /// <summary>Every token that an automaton can read from a state.</summary>
    /// <param name="start">The state.</param>
    /// <param name="step">From a state over a character to the next; negative where there is none.</param>
    /// <returns>Ids, and the state behind each.</returns>
    public (int Id, int State)[] Readable(int start, Func<int, char, int> step)
    {
        List<(int Id, int State)> found = [];
        int[] states = new int[_deepest + 1]; // behind as many characters
        states[0] = start;
        for (int i = 0; i < _nodes.Length;)
        {
            ref readonly Node node = ref _nodes[i];
            int state = states[node.Depth] = step(states[node.Depth - 1], node.Last);
            if (state >= 0 && node.Id >= 0)
            {
                found.Add((node.Id, state));
            }

            i = state >= 0 ? i + 1 : node.Behind;
        }

        return [.. found];
    }

    /// <param name="tokens">In order.</param>
    private static Node[] NodesOf((int Id, string Text)[] tokens)
    {
        List<Node> nodes = [];
        List<int> path = []; // nodes of the text before, by depth
        foreach ((int id, string text) in tokens)
        {
            int common = 0, most = Math.Min(path.Count, text.Length - 1); // a text that is there twice gets a node of its own
            while (common < most && nodes[path[common]].Last == text[common])
            {
                common++;
            }

            Close(common);
            for (int depth = common + 1; depth <= text.Length; depth++)
            {
                path.Add(nodes.Count);
                nodes.Add(new Node(text[depth - 1], depth, depth == text.Length ? id : -1, Behind: 0));
            }
        }

        Close(0);
        return [.. nodes];

        void Close(int kept)
        {
            foreach (int open in path[kept..])
            {
                nodes[open] = nodes[open] with { Behind = nodes.Count };
            }

            path.RemoveRange(kept, path.Count - kept);
        }
    }

    /// <param name="Last">Character of the text that ends here.</param>
    /// <param name="Depth">Characters of that text.</param>
    /// <param name="Id">Of the token with that text; −1 where there is none.</param>
    /// <param name="Behind">First node that is no longer text.</param>
    private readonly record struct Node(char Last, int Depth, int Id, int Behind);
}
