using Pipeline.Cli.Commands;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Display;

/// <summary>The last words of a command that saw a job through.</summary>
internal static class JobReport
{
    /// <summary>Shows the finished dataset.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="job">Ended.</param>
    /// <param name="stores">Open its output.</param>
    /// <param name="showRows">Shows some of its rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> ShowAsync(Terminal terminal, JobView job, ObjectStores stores, ShowRows showRows, CancellationToken cancellationToken)
    {
        if (ExitCodeOf(terminal, job) is not ExitCode.Success and var failure)
        {
            return failure;
        }

        var output = stores.Open(job.Spec.Output);
        var manifest = await new DatasetReader(output).FindAsync(cancellationToken) ?? throw CommandException.Failure(
            $"The job is {Words.State(job.State)}, but '{output.Uri}' holds no finished dataset any more: choose a new --output to make it again.");
        terminal.Line();
        await showRows(terminal, output, manifest, cancellationToken);
        await DatasetTables.ShowFailuresAsync(terminal, output, manifest, cancellationToken);
        terminal.Line(
            $"{Words.Count(manifest.Rows)} images: {Words.Count(manifest.Rows - manifest.FailedRows)} annotated, {Words.Count(manifest.FailedRows)} failed"
            + (job.ImagesPerSecond is > 0 ? $" ({Words.Rate(job.ImagesPerSecond)})." : "."));
        terminal.Line($"The dataset is in {job.Spec.Output}: {manifest.Files.Count} Parquet file(s), {Words.Bytes(manifest.Bytes)}.");
        return ExitCode.Success;
    }

    /// <summary>Says why, if the job did not succeed.</summary>
    public static int ExitCodeOf(Terminal terminal, JobView job)
    {
        switch (job.State)
        {
            case JobState.Failed:
                terminal.Fail([job.Error ?? $"Job {job.Id} failed."]);
                return ExitCode.Failure;
            case JobState.Cancelled:
                terminal.Fail([$"Job {job.Id} was cancelled; submitting the same spec again continues it."]);
                return ExitCode.Failure;
            default:
                return ExitCode.Success;
        }
    }

    /// <summary>Lines to copy.</summary>
    public static void ShowHowToRead(Terminal terminal, string output)
    {
        var files = $"{output}/data/*.parquet";
        terminal.Line();
        terminal.Line("Read it with DuckDB:");
        terminal.Line($"""  duckdb -c "SELECT id, caption, labels FROM '{files}'" """.TrimEnd());
        terminal.Line("or from Python:");
        terminal.Line($"""  import pandas; print(pandas.read_parquet("{output}/data")[["id", "caption", "labels"]])""");
        terminal.Line($"""  import datasets; print(datasets.load_dataset("parquet", data_files="{files}")["train"][0])""");
    }
}

/// <summary>Shows rows of a finished dataset.</summary>
internal delegate Task ShowRows(Terminal terminal, IObjectStore output, DatasetManifest manifest, CancellationToken cancellationToken);
