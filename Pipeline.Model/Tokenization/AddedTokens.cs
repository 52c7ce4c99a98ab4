using System.Buffers;
using System.Collections.Frozen;

namespace Pipeline.Model.Tokenization;

/// <summary>Finds added tokens in text, anywhere: the leftmost first, of several at one place the longest.</summary>
internal sealed class AddedTokens
{
    private readonly FrozenDictionary<string, int> _ids;
    private readonly FrozenSet<int> _special;
    private readonly SearchValues<string> _search;
    private readonly string[] _longestFirst;

    public AddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        _ids = tokens.ToFrozenDictionary(token => token.Content, token => token.Id);
        _special = tokens.Where(token => token.Special).Select(token => token.Id).ToFrozenSet();
        _longestFirst = [.. tokens.Select(token => token.Content).OrderByDescending(content => content.Length)];
        _search = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    public bool IsSpecial(int id) => _special.Contains(id);

    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    /// <summary>Finds the first added token at or after <paramref name="start"/>.</summary>
    public bool TryFind(string text, int start, out int index, out int length, out int id)
    {
        (length, id) = (0, 0);
        index = text.AsSpan(start).IndexOfAny(_search);
        if (index < 0)
        {
            return false;
        }

        index += start;
        var rest = text.AsSpan(index);
        foreach (var token in _longestFirst)
        {
            if (rest.StartsWith(token, StringComparison.Ordinal))
            {
                (length, id) = (token.Length, _ids[token]);
                break;
            }
        }

        return true;
    }
}
