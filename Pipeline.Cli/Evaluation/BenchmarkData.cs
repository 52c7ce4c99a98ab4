using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Forms;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Cli.Evaluation;

/// <summary>A benchmark's questions out of the files that it is published as.</summary>
/// <param name="Items">Questions with their image's path or URI, empty where there is none, in the files' order; ids are unique.</param>
/// <param name="TextOnly">Questions without an image that were left out, as the benchmark does.</param>
/// <param name="Joined">Questions about several images, which are asked about one picture with all of them.</param>
internal sealed record BenchmarkData(IReadOnlyList<(EvaluationItem Item, string Image)> Items, int TextOnly, int Joined)
{
    /// <param name="benchmark">Whose.</param>
    /// <param name="places">Files, and folders of them.</param>
    /// <param name="images">Folder that relative paths of images begin at.</param>
    /// <param name="columns">The files' names of columns by the published ones.</param>
    /// <param name="pictures">Takes images that the files hold.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="CommandException">A file can't be read, a row is none of the benchmark, or two have one id.</exception>
    public static async Task<BenchmarkData> ReadAsync(
        Benchmark benchmark, IReadOnlyList<string> places, string images, IReadOnlyDictionary<string, string> columns, PictureFolder pictures, CancellationToken cancellationToken)
    {
        List<(EvaluationItem, string)> items = [];
        Dictionary<string, string> ids = [];
        int textOnly = 0, joined = 0;
        foreach (var file in DataFile.Expand(places))
        {
            try
            {
                await foreach (var read in DataFile.ReadAsync(file, pictures, cancellationToken))
                {
                    var row = new DataRow(read.Columns, read.Where, columns);
                    var item = ItemReader.Read(benchmark, row, read.Place);
                    if (!ids.TryAdd(item.Id, read.Where))
                    {
                        throw new FormException($"{read.Where}: the id '{item.Id}' is that of {ids[item.Id]} too: give every row its own, or name another column with --column id=YOURS.");
                    }

                    var shown = RowImages.Of(benchmark, row, item);
                    if (shown.Count == 0 && benchmark.HasTextOnly)
                    {
                        textOnly++;
                        continue;
                    }

                    joined += shown.Count > 1 ? 1 : 0;
                    items.Add((item, shown.Count > 1 ? pictures.Join([.. shown.Select(path => Path.Combine(images, path))]) : shown.FirstOrDefault("")));
                }
            }
            catch (FormException e)
            {
                throw CommandException.Usage($"--data: {e.Message}");
            }
            catch (JsonException e)
            {
                throw CommandException.Usage($"--data: '{file}' is no JSONL ({e.Message.TrimEnd('.')}): write one JSON object a line.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandException.Usage($"--data: '{file}' can't be read ({e.Message.TrimEnd('.')}): name Parquet or JSONL files, or a folder of them.");
            }
        }

        return items.Count > 0 ? new BenchmarkData(items, textOnly, joined) : throw CommandException.Usage(
            textOnly > 0 ? $"--data: none of {textOnly:N0} questions has an image: name its column with --column image=YOURS." : $"--data: '{string.Join("', '", places)}' has no row.");
    }
}
