using Pipeline.Evaluation.Parsing;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Forms;

/// <summary>Rows of the published sets as questions with their truth.</summary>
public static class ItemReader
{
    private static readonly string[] s_groups =
        ["category", "subject", "topic", "grade", "subfield", "question_type", "capability", "modality", "location", "answer_type", "base_type", "q_lang", "split"];

    /// <summary>Harnesses' names of ids; POPE's question_id is that of another split, too, so it is not the first.</summary>
    private static readonly string[] s_ids = ["id", "question_id", "qid", "image_id"];

    /// <param name="benchmark">Whose rows they are.</param>
    /// <param name="row">One of them.</param>
    /// <param name="place">Id of a row without any.</param>
    /// <exception cref="FormException">A column is missing, or the truth is none of the choices.</exception>
    public static EvaluationItem Read(Benchmark benchmark, DataRow row, string place)
    {
        EvaluationItem item = new()
        {
            Id = row.Find(s_ids) is { Length: > 0 } id ? id : row.IsMapped("id") ? row.Text("id") : place,
            Question = benchmark.Kind is BenchmarkKind.Caption ? row.Find("question", "text") ?? "Describe this image." : row.Text("question", "text"),
            Context = row.Find("hint", "context") ?? "",
            Answer = "",
            Groups = [.. s_groups.SelectMany(group => row.Find(group) is { Length: > 0 } value ? Values(group, value) : [])],
            Objects = row.List("objects") is { Count: > 0 } objects ? objects : null,
        };
        return benchmark.Kind switch
        {
            BenchmarkKind.Caption => References(item, row, "references", "captions", "caption", "report", "findings"),
            BenchmarkKind.Choice => Choices(item, row),
            BenchmarkKind.YesNo => YesOrNo(item, row),
            BenchmarkKind.Medical => Medical(item, row),
            BenchmarkKind.Labelled => Labelled(item, row),
            _ => References(item, row, "answer"),
        };
    }

    /// <summary>MM-Vet's capabilities stand in one text.</summary>
    private static IEnumerable<(string, string)> Values(string group, string value) =>
        group == "capability" ? value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(one => (group, one)) : [(group, value)];

    private static EvaluationItem References(EvaluationItem item, DataRow row, params ReadOnlySpan<string> names)
    {
        IReadOnlyList<string> references = row.List(names) is { Count: > 0 } list ? list : [row.Text(names)];
        return item with { Answer = references[0], References = references, IsOpen = true };
    }

    private static EvaluationItem Choices(EvaluationItem item, DataRow row)
    {
        IReadOnlyList<string> choices = row.List("options", "choices");
        string truth = row.Text("answer", "label");
        if (choices.Count == 0)
        {
            return row.Find("question_type") == "open" ? References(item, row, "answer") with { IsOpen = true } : throw new FormException($"{row.Where}: no choices: name their column with --column options=YOURS.");
        }

        string letter = int.TryParse(truth, out int index) ? (index >= 0 && index < choices.Count ? Letters.At(index) : "") : truth.Trim().ToUpperInvariant();
        return Letters.Of(choices.Count).Contains(letter)
            ? item with { Choices = choices, Answer = letter, References = [letter] }
            : throw new FormException($"{row.Where}: the answer '{truth}' is neither a letter nor, counted from 0, the number of one of {choices.Count} choices.");
    }

    private static EvaluationItem YesOrNo(EvaluationItem item, DataRow row)
    {
        string truth = row.Text("answer", "label").Trim().ToLowerInvariant();
        return truth is YesNo.Yes or YesNo.No ? item with { Answer = truth, References = [truth] } : throw new FormException($"{row.Where}: the answer '{truth}' is neither yes nor no.");
    }

    /// <summary>Where no column says so, yes and no are the closed answers.</summary>
    private static EvaluationItem Medical(EvaluationItem item, DataRow row)
    {
        string truth = row.Text("answer").Trim();
        bool isOpen = row.Find("answer_type") is { } type ? type.Equals("open", StringComparison.OrdinalIgnoreCase) : truth.ToLowerInvariant() is not (YesNo.Yes or YesNo.No);
        return item with { Answer = truth, References = [truth], IsOpen = isOpen };
    }

    private static EvaluationItem Labelled(EvaluationItem item, DataRow row) => item with { Answer = row.Text("answer", "label"), Choices = row.List("choices", "options") };
}
