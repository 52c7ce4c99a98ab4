using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Constraints;

/// <summary>The texts that single tokens stand for, in order, so that tokens with a common beginning lie side by side.</summary>
internal sealed class TokenVocabulary
{
    private readonly string[] _texts;
    private readonly int[] _ids;

    /// <param name="tokenizer">Of the model. Special tokens, and tokens that are only a part of a character's UTF-8, stand for no text.</param>
    /// <param name="endOfTurn">Ends an answer.</param>
    public TokenVocabulary(DragonflyTokenizer tokenizer, int endOfTurn)
    {
        EndOfTurn = endOfTurn;
        (int Id, string Text)[] tokens = [.. tokenizer.WholeTexts().OrderBy(token => token.Text, StringComparer.Ordinal)];
        _texts = [.. tokens.Select(token => token.Text)];
        _ids = [.. tokens.Select(token => token.Id)];
        TextOf = tokens.ToDictionary(token => token.Id, token => token.Text);
        SingleCharacters = [.. _texts.Where(text => text.Length == 1).Select(text => text[0])];
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
    public List<(int Id, int State)> Readable(int start, Func<int, char, int> step)
    {
        List<(int Id, int State)> found = [];
        Walk(0, _texts.Length, depth: 0, start);
        return found;

        void Walk(int first, int end, int depth, int state)
        {
            for (; first < end && _texts[first].Length == depth; first++)
            {
                found.Add((_ids[first], state));
            }

            while (first < end)
            {
                char next = _texts[first][depth];
                int behind = EndOfGroup(first, end, depth, next), to = step(state, next);
                if (to >= 0)
                {
                    Walk(first, behind, depth + 1, to);
                }

                first = behind;
            }
        }
    }

    /// <summary>First token in the range that has another character there.</summary>
    private int EndOfGroup(int first, int end, int depth, char value)
    {
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            (first, end) = _texts[middle][depth] == value ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
