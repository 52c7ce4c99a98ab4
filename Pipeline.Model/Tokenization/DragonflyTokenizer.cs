namespace Pipeline.Model.Tokenization;

/// <summary>A checkpoint's tokenizer: byte-level BPE of <c>tokenizer.json</c> with Llama 3's special tokens.</summary>
public sealed class DragonflyTokenizer
{
    /// <summary>Reads <c>tokenizer.json</c> of a checkpoint folder.</summary>
    /// <exception cref="InvalidDataException">The file is missing, or of a kind this tokenizer can't reproduce exactly.</exception>
    public static DragonflyTokenizer Load(string folder) => throw new NotSupportedException();

    /// <summary>Ids of <paramref name="text"/>, without a leading BOS; special-token text is recognised anywhere.</summary>
    public IReadOnlyList<int> Encode(string text) => throw new NotSupportedException();

    /// <summary>Text of <paramref name="ids"/>; special tokens are left out unless asked for.</summary>
    public string Decode(IEnumerable<int> ids, bool withSpecialTokens = false) => throw new NotSupportedException();

    /// <summary>Id of a special token.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no such token.</exception>
    public int SpecialTokenId(string token) => throw new NotSupportedException();

    /// <summary>Entries and special tokens together.</summary>
    public int VocabularySize => throw new NotSupportedException();
}
