using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Sources;

/// <summary>Which columns of a source's rows mean what.</summary>
internal sealed class RowNames(JobSpec spec)
{
    private const string DefaultId = "id";
    private static readonly string[] s_images = ["image", "uri", "url", "key", "path", "file_name", "file"];
    private readonly InputSpec _input = spec.Input ?? new InputSpec();

    /// <summary>Columns that the prompts name, in order.</summary>
    public IReadOnlyList<string> Prompted { get; } = PromptTemplate.ColumnsOf(spec);

    public string? QuestionsColumn => _input.QuestionsColumn;

    /// <summary>What to call the image's column in messages.</summary>
    public string ImageNames => _input.ImageColumn is { } column ? $"'{column}'" : string.Join(", ", s_images.Select(name => $"'{name}'"));

    public string? FindImage(IEnumerable<string> columns)
    {
        var there = columns.ToHashSet();
        return (_input.ImageColumn is { } named ? [named] : s_images).FirstOrDefault(there.Contains);
    }

    /// <summary>The row's id column; null where the image's name is the id.</summary>
    public string? FindId(IReadOnlyDictionary<string, string?> columns) =>
        _input.IdColumn ?? (columns.ContainsKey(DefaultId) ? DefaultId : null);

    public bool IsUsed(string column) =>
        Prompted.Contains(column)
        || column == QuestionsColumn
        || column == (_input.IdColumn ?? DefaultId)
        || (_input.ImageColumn is { } image ? column == image : s_images.Contains(column));
}
