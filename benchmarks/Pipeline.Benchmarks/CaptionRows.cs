using Pipeline.Jobs.Rows;

namespace Pipeline.Benchmarks;

/// <summary>Rows with a caption of some 45 words, as a job without questions makes them. The same index always gives the same row.</summary>
internal static class CaptionRows
{
    private static readonly string[] s_words =
    [
        "a", "the", "of", "with", "on", "and", "in", "two", "red", "blue", "small", "large", "wooden", "bright", "old", "table", "house", "street", "window", "person",
        "standing", "sitting", "looking", "holding", "behind", "beside", "dog", "bicycle", "tree", "sky", "shadow", "photograph", "background", "foreground", "sunlight",
    ];

    public static RowProvenance Provenance { get; } = new()
    {
        JobId = "job-0123456789abcdef",
        Model = "/models/dragonfly-8b",
        ModelRevision = new string('a', 64),
        CaptionPrompt = "Describe this image in one sentence.",
        Seed = 0,
        PromptHash = new string('b', 64),
        ParametersHash = new string('c', 64),
        CodeVersion = "0.2.0",
        Attempt = 1,
        CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
    };

    public static AnnotationRow Of(int index)
    {
        var random = new Random(index);
        var id = $"photos/{index / 1_000:d4}/{index:d8}.jpg";
        var words = random.Next(15, 75);
        return new AnnotationRow
        {
            Id = id,
            SourceUri = "s3://collection/" + id,
            SourceETag = Hex(random, 16),
            Sha256 = Hex(random, 32),
            Width = random.Next(300, 4_000),
            Height = random.Next(300, 4_000),
            Format = "jpeg",
            Bytes = random.Next(20_000, 2_000_000),
            PerceptualHash = Hex(random, 8),
            Caption = new GeneratedText(string.Join(' ', random.GetItems(s_words, words)), "stop", words + 1, -random.NextDouble()) { PromptTokens = 1_512 },
        };
    }

    private static string Hex(Random random, int bytes)
    {
        var content = new byte[bytes];
        random.NextBytes(content);
        return Convert.ToHexStringLower(content);
    }
}
