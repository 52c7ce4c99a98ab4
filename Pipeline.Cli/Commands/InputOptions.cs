using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Commands;

/// <summary>The options that say how a source is read. One that is not given is not in the spec.</summary>
internal sealed class InputOptions
{
    private readonly Option<string?> _format = new("--format")
    {
        Description = $"What the source is made of: {string.Join(", ", SourceFormats.Names)}. Default: as its ending says "
            + "(.csv, .tsv, .jsonl, .ndjson, .parquet, .tar), else images.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _byContent = new("--by-content")
    {
        Description = "Of a folder of images, take every file that begins like one, whatever its name.",
    };

    private readonly Option<string?> _base = new("--base")
    {
        Description = "Folder that the keys of a manifest are in. Default: the manifest's own.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _imageColumn = new("--image-column")
    {
        Description = "Column with the image's key, URI or bytes. Default: the first there is of image, uri, url, key, path, file_name, file.",
        HelpName = "COLUMN",
    };

    private readonly Option<string?> _idColumn = new("--id-column")
    {
        Description = "Column with the rows' ids. Default: id if there is one, else the key or URI.",
        HelpName = "COLUMN",
    };

    private readonly Option<string?> _questionsColumn = new("--questions-column")
    {
        Description = "Column with questions for that row alone: a text, or a JSON list of texts and of questions as in --questions.",
        HelpName = "COLUMN",
    };

    public IEnumerable<Option> All => [_format, _byContent, _base, _imageColumn, _idColumn, _questionsColumn];

    /// <summary>The member <c>input</c>; null where nothing is given.</summary>
    public JsonObject? Input(ParseResult parsed)
    {
        var input = new JsonObject();
        void Add(string member, string? value)
        {
            if (value is not null)
            {
                input[member] = value;
            }
        }

        Add("format", parsed.GetValue(_format));
        Add("base", parsed.GetValue(_base));
        Add("image_column", parsed.GetValue(_imageColumn));
        Add("id_column", parsed.GetValue(_idColumn));
        Add("questions_column", parsed.GetValue(_questionsColumn));
        if (parsed.GetValue(_byContent))
        {
            input["by_content"] = true;
        }

        return input.Count == 0 ? null : input;
    }
}
