using System.Formats.Tar;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>Images of a tar file in WebDataset's convention: members that are alike up to the first dot of their names are one sample.</summary>
/// <remarks>
/// Every image of a sample is a row. Its columns are the members of the sample's <c>.json</c>, and its other texts by their endings:
/// <c>0001.txt</c> is the column <c>txt</c>. Only headers and texts are read, not the images.
/// </remarks>
internal static class TarRows
{
    private const int LongestText = 1 << 20;

    /// <summary>Of one sample: a tar file whose members are all alike is no WebDataset.</summary>
    private const int MostMembers = 1_000, MostText = 16 << 20;

    /// <exception cref="ObjectStoreException">The file cannot be read, or is no tar file.</exception>
    public static async IAsyncEnumerable<SourceRow> ReadAsync(
        IObjectStore store, StoredObject file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await ObjectStream.OpenAsync(store, file, cancellationToken);
        await using var tar = new TarReader(content, leaveOpen: true);
        var sample = new Sample(store, file, "");
        while (await NextAsync(store, file, tar, cancellationToken) is { } member)
        {
            if (member.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || member.Name.Split('/')[^1].StartsWith('.'))
            {
                continue;
            }

            var name = SampleOf(member.Name);
            if (name != sample.Name)
            {
                foreach (var row in sample.Rows())
                {
                    yield return row;
                }

                sample = new Sample(store, file, name);
            }

            await sample.AddAsync(member, cancellationToken);
        }

        foreach (var row in sample.Rows())
        {
            yield return row;
        }
    }

    private static async Task<TarEntry?> NextAsync(IObjectStore store, StoredObject file, TarReader tar, CancellationToken cancellationToken)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected, store.UriOf(file.Key), $"'{store.UriOf(file.Key)}' is no whole tar file ({e.Message.TrimEnd('.')}): pack it again, without compression.", e);
        }
    }

    /// <summary>"a/0001" of "a/0001.left.jpg".</summary>
    private static string SampleOf(string name)
    {
        var start = name.LastIndexOf('/') + 1;
        var dot = name.IndexOf('.', start);
        return dot < 0 ? name : name[..dot];
    }

    private sealed class Sample(IObjectStore store, StoredObject file, string name)
    {
        private readonly List<TarEntry> images = [];
        private readonly Dictionary<string, string?> columns = [];
        private string? fault;
        private int members;
        private long textLength;

        public string Name => name;

        public async Task AddAsync(TarEntry member, CancellationToken cancellationToken)
        {
            if (++members > MostMembers || (textLength += ImageFiles.IsImage(member.Name) ? 0 : Math.Min(member.Length, LongestText)) > MostText)
            {
                throw new ObjectStoreException(
                    ObjectStoreFault.Rejected,
                    store.UriOf(file.Key),
                    $"'{store.UriOf(file.Key)}': the sample '{name}' has more than {MostMembers:N0} members or {MostText:N0} bytes of text: give samples names that differ before the first dot.");
            }

            var ending = member.Name[Math.Min(name.Length + 1, member.Name.Length)..];
            if (ImageFiles.IsImage(member.Name))
            {
                images.Add(member);
            }
            else if (member.Length <= LongestText && member.DataStream is { } data)
            {
                using var text = new StreamReader(data, Encoding.UTF8);
                Add(ending, await text.ReadToEndAsync(cancellationToken));
            }
        }

        public IEnumerable<SourceRow> Rows() => images.Select(image => new SourceRow
        {
            File = file.Key,
            Where = image.Name,
            Fault = fault,
            Columns = columns,
            Id = $"{file.Key}/{image.Name}",
            Part = new PlannedPart(store.UriOf(file.Key), null, 0, 0, image.DataOffset, image.Length),
            Bytes = image.Length,
            ETag = file.ETag,
        });

        private void Add(string ending, string text)
        {
            if (ending != "json")
            {
                columns[ending] = text.Trim();
                return;
            }

            try
            {
                foreach (var (column, value) in JsonlRows.Columns(text))
                {
                    columns[column] = value;
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                fault = $"'{name}.json' is no JSON object ({e.Message.TrimEnd('.')}): mend it, or leave it out.";
            }
        }
    }
}
