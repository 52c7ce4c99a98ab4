namespace Pipeline.Evaluation.Published;

/// <summary>Figures that others published, in points of 100.</summary>
/// <param name="Name">The model.</param>
/// <param name="Figures">By benchmark; what was not published is not there.</param>
public sealed record PublishedModel(string Name, IReadOnlyDictionary<string, double> Figures)
{
    private static readonly string[] s_general = ["ai2d", "scienceqa", "mmmu", "mm-vet", "pope"];
    private static readonly string[] s_medical = ["vqa-rad", "slake", "path-vqa"];

    /// <summary>
    /// The tables of Dragonfly's announcement (Together AI, 2024). VILA's three figures are put under their benchmarks as the survey "MM-LLMs" (Zhang et al. 2024, table 2) has them:
    /// reprints of the announcement have lost a cell of that row.
    /// </summary>
    public static IReadOnlyList<PublishedModel> All { get; } =
    [
        Of("Dragonfly-8B", s_general, 63.6, 80.5, 37.8, 35.9, 91.2),
        Of("VILA (7B)", s_general, null, 68.2, null, 34.9, 85.5),
        Of("LLaVA-v1.5 (Vicuna-7B)", s_general, 54.8, 70.4, 35.3, 30.5, 85.9),
        Of("LLaVA-v1.6 (Mistral-7B)", s_general, 60.8, 72.8, 33.4, 44.8, 86.7),
        Of("Qwen-VL-chat", s_general, 52.3, 68.2, 35.9, null, null),
        Of("Dragonfly-Med-8B", s_medical, 77.4, 90.4, 92.3),
        Of("Med-Gemini", s_medical, 69.7, 84.8, 83.3),
    ];

    /// <summary>Whether anybody published a figure of the benchmark.</summary>
    public static bool HasFigureOf(string benchmark) => All.Any(model => model.Figures.ContainsKey(benchmark));

    private static PublishedModel Of(string name, string[] benchmarks, params double?[] figures) => new(
        name, benchmarks.Zip(figures).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First, pair => pair.Second!.Value));
}
