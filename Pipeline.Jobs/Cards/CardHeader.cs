using System.Text;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Cards;

/// <summary>The YAML at the top of a card. Holds numbers and fixed words alone: nothing in it needs to be quoted.</summary>
internal static class CardHeader
{
    private static readonly (long Below, string Name)[] s_sizes =
    [
        (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"),
        (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
    ];

    public static string Write(JobSpec spec, DatasetManifest manifest)
    {
        var yaml = new StringBuilder("---\n");
        yaml.Append("annotations_creators:\n- machine-generated\n");
        yaml.Append("task_categories:\n");
        if (spec.Caption is not null)
        {
            yaml.Append("- image-to-text\n");
        }

        if (spec.Questions.Count > 0)
        {
            yaml.Append("- visual-question-answering\n");
        }

        yaml.Append($"size_categories:\n- {SizeOf(manifest.Rows)}\n");
        yaml.Append("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*.parquet\n");
        yaml.Append("dataset_info:\n  config_name: default\n  splits:\n  - name: train\n");
        yaml.Append($"    num_examples: {manifest.Rows}\n    num_bytes: {manifest.Bytes}\n");
        yaml.Append($"  download_size: {manifest.Bytes}\n  dataset_size: {manifest.Bytes}\n---\n");
        return yaml.ToString();
    }

    private static string SizeOf(long rows) => s_sizes.FirstOrDefault(size => rows < size.Below, (0, "n>1B")).Name;
}
