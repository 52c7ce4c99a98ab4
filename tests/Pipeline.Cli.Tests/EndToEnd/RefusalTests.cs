using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>What is wrong is said before anything is started: all of it, a line each, exit code 2.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task All_faults_of_a_job_are_told_at_once()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);

        await using var annotate = await PipelineProcess.RunAsync(
            folder.Path,
            "annotate", "empty", "--output", "/dev/null/out", "--model", "no-model", "--max-tokens", "0", "--shard-size", "0",
            "--caption", " ", "--question", "Which? [red|red]", "--question", "Plate? [regex: (?=a)b]",
            "--temperature", "3", "--stop", "", "--max-retries", "9");

        annotate.AssertExit(2);
        foreach (var (option, detail) in ((string, string)[])
            [
                ("SOURCE", "no images"), ("--output", "/dev/null/out"), ("--model", "no-model"), ("--max-tokens", "0 is out of range"),
                ("--shard-size", "0 is out of range"), ("--caption", "empty"), ("question 0, choices, 1", "\"red\""),
                ("question 1, pattern", "(?=a)b"), ("--temperature", "3 is out of range"), ("--stop", "empty"), ("--max-retries", "9 is out of range"),
            ])
        {
            Assert.Contains(annotate.ErrorLines, line => line.StartsWith($"pipeline: {option}: ", StringComparison.Ordinal) && line.Contains(detail));
        }

        Assert.Equal(11, annotate.ErrorLines.Count);
        Assert.Empty(annotate.Output);
        Assert.Equal(["empty"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_that_is_no_model_is_told_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);
        Directory.CreateDirectory(folder["model"]);
        File.WriteAllText(folder["model", "config.json"], """{"model_type": "llava"}""");

        await using var annotate = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--model", "model");

        annotate.AssertExit(2);
        Assert.Contains("llava", annotate.Error);
        Assert.Contains("tokenizer.json", annotate.Error);
        Assert.All(annotate.ErrorLines, line => Assert.StartsWith("pipeline: --model: ", line));
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task An_output_of_another_job_and_one_with_foreign_data_are_left_alone()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);
        await using var first = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--question", "Red? [yes-no]");
        first.AssertExit(0);
        var manifest = File.ReadAllText(folder["out", "manifest.json"]);

        await using var other = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--question", "Blue? [yes-no]");
        other.AssertExit(2);
        Assert.StartsWith("pipeline: --output: ", Assert.Single(other.ErrorLines));
        Assert.Equal(manifest, File.ReadAllText(folder["out", "manifest.json"]));

        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine", "thesis.txt"], "mine");
        await using var foreign = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "mine");
        foreign.AssertExit(2);
        Assert.Contains("thesis.txt", Assert.Single(foreign.ErrorLines));
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(folder["mine"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("annotate")]
    [InlineData("annotate", "in", "--output", "out", "--max-tokens", "many")]
    [InlineData("annotate", "in", "--output", "out", "--colour", "red")]
    [InlineData("anotate", "in")]
    [InlineData("annotate", "in", "--output", "out", "--questions", "no-such-file.json")]
    public async Task A_wrong_command_line_is_exit_code_2_and_a_line_on_stderr(params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        await using var pipeline = await PipelineProcess.RunAsync(folder.Path, arguments);

        pipeline.AssertExit(2);
        Assert.NotEmpty(pipeline.ErrorLines);
        Assert.All(pipeline.ErrorLines, line => Assert.StartsWith("pipeline: ", line));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_storage_that_is_none_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);

        await using var annotate = await PipelineProcess.RunWithAsync(
            folder.Path, new() { ["PIPELINE_STORAGE"] = "sqlite" }, "annotate", "in", "--output", "out");

        annotate.AssertExit(1);
        Assert.Contains("sqlite", Assert.Single(annotate.ErrorLines));
    }

    [Fact]
    public async Task A_model_that_breaks_after_all_checks_fails_the_job_with_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);
        CopyModel(folder["model"]);
        await using (var weights = File.OpenWrite(folder["model", "model.safetensors"]))
        {
            weights.SetLength(weights.Length / 2);
        }

        await using var annotate = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--model", "model");

        annotate.AssertExit(1);
        Assert.Contains("model.safetensors", annotate.Error);
        Assert.False(File.Exists(folder["out", "_SUCCESS"]));
    }

    private static void CopyModel(string target)
    {
        var model = Path.Combine(TestServers.Repository.Root, "models", "dragonfly-tiny-v2");
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
