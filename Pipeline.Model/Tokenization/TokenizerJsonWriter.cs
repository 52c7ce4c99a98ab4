using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Model.Tokenization;

/// <summary>Writes <c>tokenizer.json</c> in the published layout: byte-level BPE, Llama 3's splitting, special tokens behind the entries.</summary>
public static class TokenizerJsonWriter
{
    /// <summary>Llama 3's pre-tokenizer.</summary>
    public const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>In the order of their ids, which mirror Llama 3.1's from 128000 on.</summary>
    private static readonly string[] s_special =
    [
        "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>", "<|finetune_right_pad_id|>",
        "<|reserved_special_token_2|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>",
    ];

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="folder">Checkpoint folder.</param>
    /// <param name="entries">In order of rank, which is their id; the 256 bytes among them.</param>
    /// <returns>Vocabulary size, special tokens included.</returns>
    public static int Write(string folder, IReadOnlyList<byte[]> entries)
    {
        string[] texts = [.. entries.Select(entry => string.Concat(entry.Select(ByteAlphabet.Character)))];
        var vocabulary = new JsonObject(texts.Select((text, id) => KeyValuePair.Create<string, JsonNode?>(text, id)));
        var model = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = true,
            ["vocab"] = vocabulary,
            ["merges"] = Merges(texts),
        };
        var tokenizer = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. s_special.Select((content, i) => SpecialToken(content, entries.Count + i))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = Llama3Pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                    ByteLevel(useRegex: false)),
            },
            ["post_processor"] = BeginInFront(entries.Count),
            ["decoder"] = ByteLevel(useRegex: true),
            ["model"] = model,
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString(s_json) + "\n");
        return entries.Count + s_special.Length;
    }

    /// <summary>Every split of an entry into two entries, by rank of the result, then of the parts: the order in which ranks merge.</summary>
    private static JsonArray Merges(string[] texts)
    {
        var rank = texts.Select((text, id) => (text, id)).ToDictionary(pair => pair.text, pair => pair.id, StringComparer.Ordinal);
        return new JsonArray([.. texts.SelectMany(text => Enumerable.Range(1, text.Length - 1)
            .Where(at => rank.ContainsKey(text[..at]) && rank.ContainsKey(text[at..]))
            .OrderBy(at => rank[text[..at]]).ThenBy(at => rank[text[at..]])
            .Select(at => (JsonNode)$"{text[..at]} {text[at..]}"))]);
    }

    private static JsonObject SpecialToken(string content, int id) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject ByteLevel(bool useRegex) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = useRegex };

    private static JsonObject BeginInFront(int begin) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(
            new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = s_special[0], ["type_id"] = 0 } },
            new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }),
        ["pair"] = new JsonArray(),
        ["special_tokens"] = new JsonObject
        {
            [s_special[0]] = new JsonObject { ["id"] = s_special[0], ["ids"] = new JsonArray(begin), ["tokens"] = new JsonArray(s_special[0]) },
        },
    };
}
