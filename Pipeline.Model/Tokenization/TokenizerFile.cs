using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Model.Tokenization;

/// <summary>The parts of a Hugging Face <c>tokenizer.json</c> that decide ids and text; the others are left out on purpose.</summary>
internal sealed record TokenizerFile
{
    public IReadOnlyList<AddedToken>? AddedTokens { get; init; }

    public JsonElement? Normalizer { get; init; }

    public TokenizerStep? PreTokenizer { get; init; }

    public TokenizerStep? Decoder { get; init; }

    public BpeModel? Model { get; init; }

    /// <exception cref="InvalidDataException">The file is missing or is not a tokenizer.json.</exception>
    public static TokenizerFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, TokenizerJson.Default.TokenizerFile)
                ?? throw new InvalidDataException($"'{path}' holds null; it must be a Hugging Face tokenizer.json.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"'{path}' is missing; a checkpoint folder needs the model's tokenizer.json.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}' can't be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not a Hugging Face tokenizer.json: {e.Message}", e);
        }
    }
}

/// <summary>A token put beside the vocabulary, recognised in text before anything else.</summary>
internal sealed record AddedToken
{
    public required int Id { get; init; }

    public required string Content { get; init; }

    public bool SingleWord { get; init; }

    public bool Lstrip { get; init; }

    public bool Rstrip { get; init; }

    public bool Special { get; init; }
}

/// <summary>A pre-tokenizer or decoder; which members are set depends on <see cref="Type"/>.</summary>
internal sealed record TokenizerStep
{
    public required string Type { get; init; }

    public IReadOnlyList<TokenizerStep>? Pretokenizers { get; init; }

    public SplitPattern? Pattern { get; init; }

    public string? Behavior { get; init; }

    public bool? Invert { get; init; }

    public bool? AddPrefixSpace { get; init; }

    public bool? UseRegex { get; init; }
}

internal sealed record SplitPattern
{
    [JsonPropertyName("Regex")]
    public string? Regex { get; init; }
}

/// <summary>The vocabulary, and the merges in order of priority.</summary>
internal sealed record BpeModel
{
    /// <summary>Absent in files of old versions, which knew no other model with merges.</summary>
    public string Type { get; init; } = "BPE";

    public double? Dropout { get; init; }

    public string? UnkToken { get; init; }

    public string? ContinuingSubwordPrefix { get; init; }

    public string? EndOfWordSuffix { get; init; }

    public bool ByteFallback { get; init; }

    public bool IgnoreMerges { get; init; }

    public required Dictionary<string, int> Vocab { get; init; }

    /// <summary>Each "left right" (older files) or ["left", "right"].</summary>
    public required IReadOnlyList<JsonElement> Merges { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TokenizerFile))]
internal sealed partial class TokenizerJson : JsonSerializerContext;
