using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>
/// Turns the rows of a source into planned images, each with an id of its own. A row that cannot be used is planned too, with what is
/// wrong with it: it becomes a failure of the dataset. Remembers 16 bytes of every id.
/// </summary>
internal sealed class RowJudge(JobSpec spec, RowNames names, IObjectStore source, IObjectStore images, AllowedPlaces places)
{
    private readonly HashSet<UInt128> ids = [];

    public PlannedImage Judge(SourceRow row)
    {
        var (image, fault) = row.Fault is null ? Read(row) : (null, row.Fault);
        if (image is not null && !ids.Add(HashOf(image.Key)))
        {
            fault = $"its id '{image.Key}' is that of an earlier row: give every row another, in a column of ids.";
        }

        return fault is null ? image! : Bad(row, fault);
    }

    private PlannedImage Bad(SourceRow row, string fault)
    {
        // Where the row stands is an id as good as any; a row that has taken it by chance makes it longer.
        var id = $"{row.File}#{row.Where.Replace(' ', '-')}";
        while (!ids.Add(HashOf(id)))
        {
            id += "'";
        }

        return new PlannedImage(id, $"{source.UriOf(row.File)}#{row.Where.Replace(' ', '-')}", 0, "") { Fault = $"{row.Name}: {fault}" };
    }

    private (PlannedImage? Image, string? Fault) Read(SourceRow row)
    {
        var (uri, name, fault) = Locate(row);
        if (fault is not null)
        {
            return (null, fault);
        }

        var idColumn = names.FindId(row.Columns);
        if ((idColumn is null ? name : row.Columns.GetValueOrDefault(idColumn)) is not { } id || string.IsNullOrWhiteSpace(id))
        {
            return (null, $"it has no id: fill its column '{idColumn}', or leave the column out to have images called by their names.");
        }

        var (questions, questionsFault) = RowQuestions.Read(spec, names.QuestionsColumn is { } column ? row.Columns.GetValueOrDefault(column) : null);
        if (questionsFault is not null)
        {
            return (null, $"its column '{names.QuestionsColumn}' cannot be used: {questionsFault}");
        }

        if (names.Prompted.FirstOrDefault(column => string.IsNullOrWhiteSpace(row.Columns.GetValueOrDefault(column))) is { } empty)
        {
            return (null, $"it has no '{empty}', which the prompts ask with: fill that column.");
        }

        return (new PlannedImage(id, uri!, row.Bytes, row.ETag)
        {
            Part = row.Part,
            Questions = questions,
            Columns = names.Prompted.Count == 0 ? null : JsonSerializer.Serialize(
                names.Prompted.ToDictionary(prompted => prompted, prompted => row.Columns[prompted]!), JobSpecJsonContext.Default.IReadOnlyDictionaryStringString),
        }, null);
    }

    private (string? Uri, string? Name, string? Fault) Locate(SourceRow row)
    {
        if (row.Part is not null)
        {
            return ($"{row.Part.File}#{(row.Part.Column is null ? row.Where : row.Id![(row.Id!.LastIndexOf('#') + 1)..])}", row.Id, null);
        }

        if (names.FindImage(row.Columns.Keys) is not { } column || string.IsNullOrWhiteSpace(row.Columns[column]))
        {
            return (null, null, $"it names no image: fill its column {names.ImageNames}, or say which column has the image.");
        }

        var name = row.Columns[column]!;
        if (name.StartsWith('/') || name.Contains("://", StringComparison.Ordinal))
        {
            if (!ObjectUri.TryNormalize(name, out var uri, out var fault))
            {
                return (null, null, fault);
            }

            return Refusal(name, uri) is { } refusal ? (null, null, refusal) : (uri, name, null);
        }

        if (!ObjectKeys.IsKey(name))
        {
            return (null, null, $"'{name}' leads out of '{images.Uri}': write a key inside it, or a whole URI.");
        }

        // Beside a manifest that is itself the place that jobs may use there may be files that they may not.
        return places.IsLimited && places.FaultOfObject(images.UriOf(name)) is { } unallowed ? (null, null, unallowed) : (images.UriOf(name), name, null);
    }

    /// <summary>Who may only write a manifest into a bucket does not get to choose files of the workers.</summary>
    private string? Refusal(string name, string uri) =>
        ObjectLocation.Parse(uri).LocalPath is not null && !places.IsLimited && ObjectLocation.Parse(spec.Source).LocalPath is null
            ? $"'{name}' is a local file, and the manifest is not: name an object, or have Places:Local set to the folders that jobs may use."
            : places.FaultOfObject(uri);

    private static UInt128 HashOf(string id) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
