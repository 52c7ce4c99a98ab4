using System.Text.Json;
using Pipeline.Cli.Commands;
using Pipeline.Evaluation.Forms;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Cli.Evaluation;

/// <summary>A benchmark's questions out of a JSONL file.</summary>
internal static class JsonlData
{
    private static readonly string[] s_images = ["image", "image_path", "image_1", "img_name", "image_file"];

    /// <returns>Questions with their images as the file names them, in its order; ids are unique.</returns>
    /// <exception cref="CommandException">The file can't be read, a row is none of the benchmark, or two have one id.</exception>
    public static IReadOnlyList<(EvaluationItem Item, string Image)> Read(Benchmark benchmark, string file, IReadOnlyDictionary<string, string> columns)
    {
        List<(EvaluationItem, string)> items = [];
        Dictionary<string, string> places = [];
        try
        {
            foreach (var (index, line) in File.ReadLines(file).Index().Where(line => line.Item.Length > 0))
            {
                var where = $"{file}:{index + 1}";
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.ValueKind is not JsonValueKind.Object)
                {
                    throw new FormException($"{where}: this line is no JSON object: write one object a line.");
                }

                var row = new DataRow(json.RootElement, where, columns);
                var item = ItemReader.Read(benchmark, row);
                if (!places.TryAdd(item.Id, where))
                {
                    throw new FormException($"{where}: the id '{item.Id}' is that of {places[item.Id]} too: give every row its own, or name another column with --column id=YOURS.");
                }

                items.Add((item, row.Text(s_images)));
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
            throw CommandException.Usage($"--data: '{file}' can't be read ({e.Message}): name a JSONL file.");
        }

        return items.Count > 0 ? items : throw CommandException.Usage($"--data: '{file}' has no row.");
    }
}
