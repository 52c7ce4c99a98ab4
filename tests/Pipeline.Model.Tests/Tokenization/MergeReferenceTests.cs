using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Tokenization;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Tokenization;

/// <summary>Encoding by ranks against what tokenizer.json says literally: its merge list, applied one by one.</summary>
public sealed class MergeReferenceTests
{
    private static readonly Lazy<MergeReferenceTests> Loaded = new(() => new MergeReferenceTests("tokenizer", "llama3"));
    private readonly DragonflyTokenizer _tokenizer;
    private readonly LongPieces _longPieces;
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<(string Left, string Right), int> _merges = [];
    private readonly string[] _texts;

    public MergeReferenceTests()
        : this("golden", "v2", "model")
    {
    }

    private MergeReferenceTests(params string[] path)
    {
        var folder = ReferenceData.Folder(path);
        var model = TokenizerFile.Read(Path.Combine(folder, "tokenizer.json")).Model!;
        _tokenizer = DragonflyTokenizer.Load(folder);
        _vocabulary = model.Vocab;
        _longPieces = new LongPieces(_vocabulary);
        _texts = [.. _vocabulary.Keys.Select(entry => Encoding.UTF8.GetString(ByteAlphabet.Decode(entry)))];
        foreach (var merge in model.Merges)
        {
            var pair = merge.GetString()!.Split(' ');
            _merges.Add((pair[0], pair[1]), _merges.Count);
        }
    }

    [Fact]
    public void Tiny_vocabulary() => Check(this);

    [Fact]
    public void Llama_3s_vocabulary() => Check(Loaded.Value);

    private static void Check(MergeReferenceTests reference) =>
        Prop.ForAll(Texts(reference._texts), text =>
        {
            var pieces = new LlamaPreTokenizer().PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length)).ToList();
            Assert.Equal(text, string.Concat(pieces));
            var expected = pieces.Select(reference.Merge).ToList();
            Assert.Equal(expected.SelectMany(ids => ids), reference._tokenizer.Encode(text));

            var ids = new List<int>();
            pieces.ForEach(piece => reference._longPieces.Encode(piece, ids));
            Assert.Equal(expected.SelectMany(ids => ids), ids);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private int[] Merge(string piece)
    {
        var tokens = Encoding.UTF8.GetBytes(piece).Select(value => ByteAlphabet.Character(value).ToString()).ToList();
        if (_vocabulary.TryGetValue(string.Concat(tokens), out var whole))
        {
            return [whole];
        }

        while (true)
        {
            var (best, at) = (int.MaxValue, -1);
            for (var i = 0; i + 1 < tokens.Count; i++)
            {
                if (_merges.TryGetValue((tokens[i], tokens[i + 1]), out var rank) && rank < best)
                {
                    (best, at) = (rank, i);
                }
            }

            if (at < 0)
            {
                return [.. tokens.Select(token => _vocabulary[token])];
            }

            tokens[at] += tokens[at + 1];
            tokens.RemoveAt(at + 1);
        }
    }

    // Entries put together, runs of one character, and any Unicode text. No '<', so that no special token comes about.
    private static Arbitrary<string> Texts(string[] entries)
    {
        var entry = Gen.Elements(entries);
        var words = entry.Select(text => text.Trim());
        var runs = from letter in Gen.Elements(' ', '\n', '\t', '=', '-', 'a', '7', '.')
                   from length in Gen.Choose(1, 40)
                   select new string(letter, length);
        var runes = Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(value => new Rune(value).ToString());
        var part = Gen.OneOf(entry, words, runs, runes);
        return Gen.ListOf(part).Select(parts => Whole(string.Concat(parts))).ToArbitrary();
    }

    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('<', '(');
}
