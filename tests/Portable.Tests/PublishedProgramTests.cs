using System.Text.Json;
using Pipeline.Model.Verification;
using Pipeline.TestServers;

namespace Pipeline.Portable.Tests;

/// <summary>The published program, trimmed and by itself, on a machine without .NET.</summary>
public sealed class PublishedProgramTests(PublishedProgram program)
{
    private const long Limit = 64L << 20;

    [Fact]
    public void It_travels_light_and_brings_all_but_libtorch()
    {
        var files = Directory.EnumerateFiles(program.Folder, "*", SearchOption.AllDirectories).ToList();

        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 30L << 20, Limit);
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith("libtorch", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith("libc10", StringComparison.Ordinal));
        Assert.All(
            (string[])["libvips.so.42", "libLibTorchSharp.so", "configs/dragonfly-8b-v2/clip/config.json", "images/drawn.jpg", "pytorch/bench.py"],
            file => Assert.Contains(Path.Combine(program.Folder, file), files));
    }

    [Fact]
    public async Task It_measures_a_model_on_a_libtorch_that_lies_elsewhere()
    {
        var (markdown, json) = (Path.Combine(program.NewFolder(), "page.md"), Path.Combine(program.NewFolder(), "values.json"));

        var (exitCode, output, error) = await program.RunAsync(
            "--libtorch", program.Libtorch, "bench", "engine", Path.Combine(Repository.Root, "models", "dragonfly-tiny-v1"), "--random-weights", "--images", Path.Combine(program.Folder, "images"),
            "--workload", "caption", "--caption-tokens", "6", "--repetitions", "1", "--images-per-repetition", "3", "--max-num-seqs", "2", "--prompts", Prompts(), "--markdown", markdown, "--json", json);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("version 2.10.0+cpu; the bindings of this program were built for 2.10.", output);
        Assert.Contains("End to end, from the bytes of JPEGs to text", output);
        Assert.StartsWith("# Engine speed: dragonfly-tiny-v1", File.ReadAllText(markdown));
        using var values = JsonDocument.Parse(File.ReadAllBytes(json));
        Assert.Equal("cpu", values.RootElement.GetProperty("device").GetString());
        Assert.Equal(1_024, values.RootElement.GetProperty("gemmSide").GetInt32());
        var run = values.RootElement.GetProperty("results")[0].GetProperty("repetitions")[0];
        Assert.Equal(3, run.GetProperty("images").GetInt32());
        Assert.Equal(3 * 5, run.GetProperty("statistics").GetProperty("decode").GetProperty("items").GetInt64()); // the first token of six comes from the prefill
        Assert.True(run.GetProperty("neededPrefixShared").GetProperty("total").GetDouble() > 0);
    }

    [Fact]
    public async Task It_says_of_every_check_against_the_reference_what_the_untrimmed_program_says()
    {
        var golden = ReferenceData.Folder("golden");
        var folder = program.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "v1", "cases"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "images"), Path.Combine(golden, "images"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "v1", "model"), Path.Combine(golden, "v1", "model"));
        foreach (var file in (string[])["square.json", "square.safetensors", "exif.json", "exif.safetensors"])
        {
            File.CreateSymbolicLink(Path.Combine(folder, "v1", "cases", file), Path.Combine(golden, "v1", "cases", file));
        }

        var verdicts = ReferenceVerifier.Run(folder, null).ToLookup(result => result.Verdict);
        var (exitCode, output, error) = await program.RunAsync("--libtorch", program.Libtorch, "verify", folder);

        Assert.True(verdicts[Verdict.Passed].Count() > 50);
        Assert.True(output.Contains($"{verdicts[Verdict.Passed].Count()} passed, {verdicts[Verdict.Failed].Count()} failed, {verdicts[Verdict.Skipped].Count()} skipped"), output + error);
        Assert.Equal(verdicts[Verdict.Failed].Any() ? 1 : 0, exitCode);
    }

    [Fact]
    public async Task A_checkpoint_is_described()
    {
        var (exitCode, output, error) = await program.RunAsync("--libtorch", program.Libtorch, "model", "inspect", Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"));

        Assert.True(exitCode == 0, output + error);
        Assert.EndsWith("It loads.\n", output);
    }

    [Fact]
    public async Task A_libtorch_that_does_not_fit_is_told_plainly_and_nothing_is_run()
    {
        var other = Directory.CreateDirectory(Path.Combine(program.NewFolder(), "lib")).FullName;
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            File.Copy(Path.Combine(program.Libtorch, "libc10.so"), Path.Combine(other, name));
        }

        File.WriteAllText(Path.Combine(other, "..", "version.py"), "__version__ = '1.13.1'\n");

        var (exitCode, output, error) = await program.RunAsync("--libtorch", other, "model", "inspect", Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"));

        Assert.Equal(3, exitCode);
        Assert.Equal("", output);
        Assert.Contains($"libtorch in '{other}' is version 1.13.1; the bindings of this program were built for 2.10.", error);
        Assert.Contains("symbols that are needed are missing, so it can't be used. The first: at::_ops::", error);
    }

    [Fact]
    public async Task Without_a_libtorch_it_says_how_to_name_one()
    {
        var (exitCode, _, error) = await program.RunAsync("check");

        Assert.Equal(2, exitCode);
        Assert.Contains("run: python3 has no torch: name the folder that holds libtorch_cpu.so with --libtorch DIR.", error);
    }

    [Fact]
    public async Task A_folder_without_a_libtorch_is_named_with_all_that_it_lacks()
    {
        var folder = program.NewFolder();

        var (exitCode, _, error) = await program.RunAsync("--libtorch", folder, "check");

        Assert.Equal(3, exitCode);
        Assert.StartsWith($"pipeline: PIPELINE_LIBTORCH: '{folder}' has no libc10.so, no libtorch_cpu.so, no libtorch.so.", error);
    }

    private string Prompts()
    {
        var file = Path.Combine(program.NewFolder(), "prompts.json");
        File.WriteAllText(file, """{"caption": "What is it?", "questions": ["Is it red?"]}""");
        return file;
    }
}
