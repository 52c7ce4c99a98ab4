using System.Text.Json;

namespace Pipeline.Model.Tokenization;

/// <summary>Finds everything in a tokenizer.json that byte-level BPE by ranks, as Llama 3 uses it, wouldn't reproduce exactly.</summary>
internal static class TokenizerCheck
{
    /// <returns>One sentence part a fault; empty for a file that is reproduced exactly.</returns>
    public static List<string> Faults(TokenizerFile file)
    {
        var faults = new List<string>();
        if (file.Model is not { } model)
        {
            return ["it has no model"];
        }

        Unless(model.Type == "BPE", $"its model is of type '{model.Type}', only BPE is supported");
        Unless(model.IgnoreMerges, "ignore_merges is false, only true (Llama 3) is supported");
        Unless(!model.ByteFallback, "byte_fallback is true, only false is supported");
        Unless(model.Dropout is null or 0, $"dropout is {model.Dropout}, only none is supported");
        Unless(string.IsNullOrEmpty(model.ContinuingSubwordPrefix),
            $"continuing_subword_prefix is '{model.ContinuingSubwordPrefix}', only none is supported");
        Unless(string.IsNullOrEmpty(model.EndOfWordSuffix),
            $"end_of_word_suffix is '{model.EndOfWordSuffix}', only none is supported");
        Unless(file.Normalizer is not { ValueKind: not JsonValueKind.Null }, "it has a normalizer, only none is supported");
        Unless(file.Decoder is { Type: "ByteLevel" }, $"its decoder is '{file.Decoder?.Type}', only ByteLevel is supported");
        Unless(IsLlamaSplit(file.PreTokenizer), "its pre_tokenizer is not Llama 3's split followed by ByteLevel");
        var contents = new HashSet<string>();
        foreach (var token in file.AddedTokens ?? [])
        {
            Unless(contents.Add(token.Content), $"added token '{token.Content}' stands there twice");
            Unless(token.Content.Length > 0, $"added token {token.Id} is empty");
            Unless(!token.SingleWord && !token.Lstrip && !token.Rstrip,
                $"added token '{token.Content}' has single_word, lstrip or rstrip, none of which is supported");
        }

        if (Vocabulary(model.Vocab) is { } vocabularyFault)
        {
            faults.Add(vocabularyFault);
        }
        else if (faults.Count == 0 && Merges(model) is { } mergesFault)
        {
            faults.Add(mergesFault);
        }

        return faults;

        void Unless(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static bool IsLlamaSplit(TokenizerStep? step) =>
        step is { Type: "Sequence", Pretokenizers: [var split, var bytes] }
        && split is { Type: "Split", Behavior: "Isolated", Invert: not true, Pattern.Regex: LlamaPreTokenizer.Pattern }
        && bytes is { Type: "ByteLevel", AddPrefixSpace: false, UseRegex: false };

    private static string? Vocabulary(Dictionary<string, int> vocabulary)
    {
        var ids = new HashSet<int>(vocabulary.Count);
        foreach (var (entry, id) in vocabulary)
        {
            if (id < 0 || !ids.Add(id))
            {
                return $"id {id} of entry '{entry}' is negative or used twice";
            }

            if (!ByteAlphabet.TryGetBytes(entry, out var bytes) || bytes.Length == 0)
            {
                return $"entry '{entry}' is not written in the byte-level alphabet";
            }
        }

        for (var b = 0; b < 256; b++)
        {
            if (!vocabulary.ContainsKey(ByteAlphabet.Character((byte)b).ToString()))
            {
                return $"byte 0x{b:X2} has no entry";
            }
        }

        return null;
    }

    // Merging by rank takes the pair whose union has the lowest id. The merge list says the same if and only if it holds every
    // split of an entry into two entries, in the order of the unions' ids.
    private static string? Merges(BpeModel model)
    {
        var vocabulary = model.Vocab;
        var seen = new HashSet<(int Left, int Right)>(model.Merges.Count);
        var previous = -1;
        foreach (var merge in model.Merges)
        {
            if (!TryGetPair(merge, out var left, out var right)
                || !vocabulary.TryGetValue(left, out var leftId)
                || !vocabulary.TryGetValue(right, out var rightId)
                || !vocabulary.TryGetValue(left + right, out var union))
            {
                return $"merge {merge.GetRawText()} is not of two entries that make a third";
            }

            if (union < previous)
            {
                return $"merge {merge.GetRawText()} breaks the order of ids: only merges ordered as the entries they make are supported";
            }

            if (!seen.Add((leftId, rightId)))
            {
                return $"merge {merge.GetRawText()} stands there twice";
            }

            previous = union;
        }

        return FirstMissingMerge(vocabulary, seen);
    }

    private static string? FirstMissingMerge(Dictionary<string, int> vocabulary, HashSet<(int Left, int Right)> merges)
    {
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var entry in vocabulary.Keys)
        {
            for (var cut = 1; cut < entry.Length; cut++)
            {
                if (lookup.TryGetValue(entry.AsSpan(0, cut), out var left)
                    && lookup.TryGetValue(entry.AsSpan(cut), out var right)
                    && !merges.Contains((left, right)))
                {
                    return $"no merge makes '{entry}' of '{entry[..cut]}' and '{entry[cut..]}': only complete merge lists are supported";
                }
            }
        }

        return null;
    }

    private static bool TryGetPair(JsonElement merge, out string left, out string right)
    {
        string[] parts = merge.ValueKind switch
        {
            JsonValueKind.String => merge.GetString()!.Split(' '),
            JsonValueKind.Array => [.. merge.EnumerateArray().Select(part => part.ToString())],
            _ => [],
        };
        (left, right) = parts is [var first, var second] ? (first, second) : ("", "");
        return parts.Length == 2;
    }
}
