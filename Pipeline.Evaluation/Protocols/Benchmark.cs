namespace Pipeline.Evaluation.Protocols;

/// <summary>What a benchmark's rows are, which decides its metrics.</summary>
public enum BenchmarkKind
{
    /// <summary>A letter; accuracy.</summary>
    Choice,

    /// <summary>Yes or no; F1 of "yes" and what belongs to it.</summary>
    YesNo,

    /// <summary>Closed and open questions; accuracy and token F1.</summary>
    Medical,

    /// <summary>Judged from outside, 0 to 1.</summary>
    Judged,

    /// <summary>Captions against references.</summary>
    Caption,

    /// <summary>One label of few; accuracy.</summary>
    Labelled,
}

/// <summary>A benchmark and the protocols it can be scored by.</summary>
public sealed record Benchmark
{
    /// <summary>As on the command line.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required BenchmarkKind Kind { get; init; }

    /// <summary>The first is the default.</summary>
    public required IReadOnlyList<Protocol> Protocols { get; init; }

    /// <summary>Whether questions without an image are there that are no part of the benchmark.</summary>
    public bool HasTextOnly { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = 32;

    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new() { Name = "ai2d", Title = "AI2D", Kind = BenchmarkKind.Choice, Protocols = [ChoiceProtocols.LmmsAi2d, ChoiceProtocols.VlmEvalKit, ChoiceProtocols.Strict] },
        new() { Name = "scienceqa", Title = "ScienceQA (image)", Kind = BenchmarkKind.Choice, Protocols = [ChoiceProtocols.LmmsScienceQa, ChoiceProtocols.Llava, ChoiceProtocols.VlmEvalKit, ChoiceProtocols.Strict], HasTextOnly = true },
        new() { Name = "mmmu", Title = "MMMU", Kind = BenchmarkKind.Choice, Protocols = [MmmuProtocols.Lmms, MmmuProtocols.Official, MmmuProtocols.VlmEvalKit, MmmuProtocols.Strict] },
        new() { Name = "mm-vet", Title = "MM-Vet", Kind = BenchmarkKind.Judged, Protocols = [TextProtocols.Judged], MaxTokens = 512 },
        new() { Name = "pope", Title = "POPE", Kind = BenchmarkKind.YesNo, Protocols = [YesNoProtocols.Lmms, YesNoProtocols.Llava, YesNoProtocols.VlmEvalKit, YesNoProtocols.Strict] },
        new() { Name = "vqa-rad", Title = "VQA-RAD", Kind = BenchmarkKind.Medical, Protocols = [MedicalProtocols.Strict, MedicalProtocols.Lenient, MedicalProtocols.Legacy] },
        new() { Name = "slake", Title = "SLAKE", Kind = BenchmarkKind.Medical, Protocols = [MedicalProtocols.Strict, MedicalProtocols.Lenient, MedicalProtocols.Legacy] },
        new() { Name = "path-vqa", Title = "Path-VQA", Kind = BenchmarkKind.Medical, Protocols = [MedicalProtocols.Strict, MedicalProtocols.Lenient, MedicalProtocols.Legacy] },
        new() { Name = "caption", Title = "Captions", Kind = BenchmarkKind.Caption, Protocols = [TextProtocols.Coco], MaxTokens = 128 },
        new() { Name = "labels", Title = "Labelled data", Kind = BenchmarkKind.Labelled, Protocols = [LabelledProtocols.Strict] },
    ];

    /// <returns>Null: there is none of that name.</returns>
    public static Benchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);

    /// <returns>The default where the name is null; null: there is none of that name.</returns>
    public Protocol? FindProtocol(string? name) => name is null ? Protocols[0] : Protocols.FirstOrDefault(protocol => protocol.Name == name);
}
