using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Pipeline.Model.Tokenization;

/// <summary>A checkpoint's tokenizer: byte-level BPE of <c>tokenizer.json</c> with Llama 3's special tokens. Thread-safe.</summary>
public sealed class DragonflyTokenizer
{
    // Above this many characters the library's quadratic time begins to show.
    private const int LongPiece = 512;

    private readonly LlamaPreTokenizer _preTokenizer = new();
    private readonly TiktokenTokenizer _bpe;
    private readonly LongPieces _long;
    private readonly AddedTokens _added;
    private readonly Dictionary<int, byte[]> _bytes;

    private DragonflyTokenizer(TokenizerFile file)
    {
        var vocabulary = file.Model!.Vocab;
        var added = file.AddedTokens ?? [];
        _bpe = TiktokenTokenizer.Create(RankFile(vocabulary), _preTokenizer, normalizer: null);
        _long = new LongPieces(vocabulary);
        _added = new AddedTokens(added);
        _bytes = vocabulary.ToDictionary(entry => entry.Value, entry => ByteAlphabet.Decode(entry.Key));
        foreach (var token in added)
        {
            _bytes[token.Id] = ByteAlphabet.Decode(token.Content);
        }
    }

    /// <summary>Reads <c>tokenizer.json</c> of a checkpoint folder.</summary>
    /// <exception cref="InvalidDataException">The file is missing, or of a kind this tokenizer can't reproduce exactly.</exception>
    public static DragonflyTokenizer Load(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        var file = TokenizerFile.Read(path);
        var faults = TokenizerCheck.Faults(file);
        return faults.Count == 0
            ? new DragonflyTokenizer(file)
            : throw new InvalidDataException($"'{path}' can't be used exactly as written: {string.Join("; ", faults)}.");
    }

    /// <summary>Ids of <paramref name="text"/>, without a leading BOS; special-token text is recognised anywhere.</summary>
    /// <remarks>UTF-16 that is not Unicode (half a surrogate pair) counts as U+FFFD.</remarks>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var ids = new List<int>();
        var start = 0;
        while (_added.TryFind(text, start, out var index, out var length, out var id))
        {
            EncodeOrdinary(text[start..index], ids);
            ids.Add(id);
            start = index + length;
        }

        EncodeOrdinary(text[start..], ids);
        return ids;
    }

    private void EncodeOrdinary(string text, List<int> ids)
    {
        if (text.Length <= LongPiece)
        {
            ids.AddRange(_bpe.EncodeToIds(text));
            return;
        }

        foreach (var (offset, length) in _preTokenizer.PreTokenize(text))
        {
            var piece = text.AsSpan(offset, length);
            if (length <= LongPiece)
            {
                ids.AddRange(_bpe.EncodeToIds(piece, considerPreTokenization: false));
            }
            else
            {
                _long.Encode(piece, ids);
            }
        }
    }

    /// <summary>Text of <paramref name="ids"/>; special tokens are left out unless asked for.</summary>
    /// <remarks>Bytes that are not UTF-8 become U+FFFD; ids without a token (a model's padded vocabulary) are left out.</remarks>
    public string Decode(IEnumerable<int> ids, bool withSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
        {
            if ((withSpecialTokens || !_added.IsSpecial(id)) && _bytes.TryGetValue(id, out var token))
            {
                bytes.Write(token);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Ordinary tokens whose bytes are whole UTF-8, with their texts.</summary>
    internal IEnumerable<(int Id, string Text)> WholeTexts()
    {
        foreach (var (id, bytes) in _bytes)
        {
            if (bytes.Length > 0 && !_added.IsSpecial(id) && System.Text.Unicode.Utf8.IsValid(bytes))
            {
                yield return (id, Encoding.UTF8.GetString(bytes));
            }
        }
    }

    /// <summary>Id of a special token.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no such token.</exception>
    public int SpecialTokenId(string token) =>
        _added.TryGetId(token, out var id)
            ? id
            : throw new InvalidDataException($"tokenizer.json has no added token '{token}'; Dragonfly needs Llama 3's special tokens.");

    /// <summary>Entries and special tokens together.</summary>
    public int VocabularySize => _bytes.Count;

    // The form TiktokenTokenizer reads: one "base64 rank" a line.
    private static MemoryStream RankFile(Dictionary<string, int> vocabulary)
    {
        var lines = new StringBuilder();
        foreach (var (entry, id) in vocabulary)
        {
            lines.Append(Convert.ToBase64String(ByteAlphabet.Decode(entry)))
                .Append(CultureInfo.InvariantCulture, $" {id}\n");
        }

        return new MemoryStream(Encoding.ASCII.GetBytes(lines.ToString()));
    }
}
