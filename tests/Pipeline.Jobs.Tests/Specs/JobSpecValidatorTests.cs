using System.Diagnostics;
using Pipeline.Jobs.Specs;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class JobSpecValidatorTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_good_spec_has_no_fault_and_leaves_no_trace()
    {
        Assert.Empty(await FaultsAsync(_place.Spec));
        Assert.False(Directory.Exists(_place.Output));
    }

    [Fact]
    public async Task The_faults_of_all_validators_come_together()
    {
        var spec = new JobSpec
        {
            Source = Path.Combine(_place.Root, "nowhere"),
            Output = "out",
            Model = "/no/such/model",
            Caption = " ",
            MaxTokens = 0,
            ShardSize = 100_001,
            Questions = [new Question { Id = "a b", Text = "" }],
            Sampling = new SamplingSpec { TopP = 0 },
            Quality = new QualitySpec { MaxRetries = 6 },
        };

        var refused = await Assert.ThrowsAsync<JobSpecException>(
            () => new JobSpecValidator(_place.Stores).ThrowIfFaultyAsync(
                new SpecReading(spec, [new("/colour", "\"colour\" is unknown.")]), null, TestContext.Current.CancellationToken));

        Assert.Equal(
            ["/source", "/output", "/model", "/caption", "/questions/0/id", "/questions/0/text", "/max_tokens", "/sampling/top_p", "/quality/max_retries", "/shard_size", "/colour"],
            refused.Faults.Select(fault => fault.Pointer));
    }

    [Fact]
    public async Task Faults_of_reading_hide_those_that_follow_from_them()
    {
        var reading = JobSpecReader.Read(
            $$"""{ "source": 1, "output": "{{_place.Output}}", "modell": "{{_place.Model}}", "caption": 2, "questions": [ { "id": [], "text": "x" } ] }""");

        var refused = await Assert.ThrowsAsync<JobSpecException>(
            () => new JobSpecValidator(_place.Stores).ThrowIfFaultyAsync(reading, null, TestContext.Current.CancellationToken));

        Assert.Equal(["/source", "/model", "/caption", "/questions/0/id", "/modell"], refused.Faults.Select(fault => fault.Pointer));
    }

    [Theory]
    [InlineData("photos", "'photos' is not an absolute location")]
    [InlineData("ftp://host/x", "unknown scheme")]
    [InlineData("s3:///x", "names no bucket")]
    public async Task A_source_that_is_no_place_is_named(string source, string words) =>
        Assert.Contains(words, (await OnlyFaultAsync(_place.Spec with { Source = source }, "/source")).Detail, StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_source_is_named()
    {
        var missing = Path.Combine(_place.Root, "missing");
        Assert.Contains(missing, (await OnlyFaultAsync(_place.Spec with { Source = missing }, "/source")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_without_an_image_is_named()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_place.Root, "empty")).FullName;
        File.WriteAllText(Path.Combine(empty, "notes.txt"), "no image");
        Assert.Contains("holds no images", (await OnlyFaultAsync(_place.Spec with { Source = empty }, "/source")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_may_lie_inside_the_source_but_not_hold_it()
    {
        Assert.Empty(await FaultsAsync(_place.Spec with { Output = Path.Combine(_place.Source, "labels") }));
        await OnlyFaultAsync(_place.Spec with { Output = _place.Source }, "/output");
        await OnlyFaultAsync(_place.Spec with { Output = _place.Root }, "/output");
    }

    [Fact]
    public async Task An_output_with_other_data_is_refused()
    {
        Directory.CreateDirectory(_place.Output);
        File.WriteAllText(Path.Combine(_place.Output, "thesis.tex"), "years of work");
        Assert.Contains("thesis.tex", (await OnlyFaultAsync(_place.Spec, "/output")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_under_a_file_cannot_be_written()
    {
        File.WriteAllText(Path.Combine(_place.Root, "file"), "");
        await OnlyFaultAsync(_place.Spec with { Output = Path.Combine(_place.Root, "file", "out") }, "/output");
    }

    [Fact]
    public async Task An_output_that_may_not_be_written_is_refused() =>
        Assert.StartsWith(
            "\"/proc/pipeline-out\" cannot be written (",
            (await OnlyFaultAsync(_place.Spec with { Output = "/proc/pipeline-out" }, "/output")).Detail,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_job_that_asks_nothing_is_refused() =>
        await OnlyFaultAsync(_place.Spec with { Caption = null }, "/questions");

    [Fact]
    public async Task Every_published_layout_of_a_checkpoint_is_taken()
    {
        string[] models =
        [
            Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
            ReferenceData.Folder("golden", "v1", "model"),
            ReferenceData.Folder("golden", "v2-sharded"),
            ReferenceData.Folder("golden", "v2-bin"),
        ];
        foreach (var model in models)
        {
            Assert.Empty(await FaultsAsync(_place.Spec with { Model = model }));
        }
    }

    [Fact]
    public async Task A_model_is_a_folder()
    {
        Assert.Contains("is a file", (await OnlyFaultAsync(_place.Spec with { Model = Path.Combine(_place.Model, "config.json") }, "/model")).Detail, StringComparison.Ordinal);
        Assert.Contains("no absolute path", (await OnlyFaultAsync(_place.Spec with { Model = "models/tiny" }, "/model")).Detail, StringComparison.Ordinal);
        Assert.Contains("lies in S3", (await OnlyFaultAsync(_place.Spec with { Model = "s3://models/tiny" }, "/model")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_missing_part_of_a_model_is_a_fault_of_its_own()
    {
        _place.Remove("clip/config.json");
        _place.Remove("tokenizer.json");
        _place.Remove("model.safetensors");
        var faults = await FaultsAsync(_place.Spec);
        Assert.All(faults, fault => Assert.Equal("/model", fault.Pointer));
        Assert.Collection(
            faults.Select(fault => fault.Detail),
            detail => Assert.Contains("image_encoder is \"clip\"", detail, StringComparison.Ordinal),
            detail => Assert.Contains("tokenizer.json\" is missing", detail, StringComparison.Ordinal),
            detail => Assert.Contains("holds no weights", detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{}", "is of model_type \"\"")]
    [InlineData("""{ "model_type": "llama" }""", "is of model_type \"llama\"")]
    [InlineData("""{ "model_type": "dragonfly" }""", "has no image_encoder")]
    public async Task A_config_of_something_else_is_named(string config, string words)
    {
        _place.Write("config.json", config);
        Assert.Contains(words, (await OnlyFaultAsync(_place.Spec, "/model")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tower_of_a_published_checkpoint_needs_no_config()
    {
        _place.Write("config.json", """{ "model_type": "dragonfly", "image_encoder": "openai/clip-vit-base-patch32" }""");
        _place.Remove("clip/config.json");
        Assert.Empty(await FaultsAsync(_place.Spec));
    }

    [Fact]
    public async Task Every_shard_that_the_index_names_must_be_there()
    {
        _place.Remove("model.safetensors");
        _place.Write("model.safetensors.index.json", """{ "weight_map": { "a": "1.safetensors", "b": "2.safetensors", "c": "2.safetensors" } }""");
        _place.Write("1.safetensors", "");
        Assert.Contains("2.safetensors\" is missing", (await OnlyFaultAsync(_place.Spec, "/model")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../in/000.jpg")]
    [InlineData("/etc/passwd")]
    public async Task A_checkpoint_that_names_files_outside_its_folder_is_refused(string name)
    {
        _place.Remove("model.safetensors");
        _place.Write("model.safetensors.index.json", $$"""{ "weight_map": { "a": "{{name}}" } }""");
        Assert.Contains($"\"{name}\", which is not in the folder", (await OnlyFaultAsync(_place.Spec, "/model")).Detail, StringComparison.Ordinal);

        _place.Write("model.safetensors", "");
        _place.Write("config.json", $$"""{ "model_type": "dragonfly", "image_encoder": "{{name}}" }""");
        Assert.Contains("which is not in the folder", (await OnlyFaultAsync(_place.Spec, "/model")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_whose_config_is_a_pipe_is_refused_and_not_waited_for()
    {
        _place.Remove("config.json");
        using var made = Process.Start("mkfifo", [Path.Combine(_place.Model, "config.json")]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("is a pipe", (await OnlyFaultAsync(_place.Spec, "/model")).Detail, StringComparison.Ordinal);
    }

    private async Task<SpecFault> OnlyFaultAsync(JobSpec spec, string pointer)
    {
        var fault = Assert.Single(await FaultsAsync(spec));
        Assert.Equal(pointer, fault.Pointer);
        return fault;
    }

    private Task<IReadOnlyList<SpecFault>> FaultsAsync(JobSpec spec) =>
        new JobSpecValidator(_place.Stores).ValidateAsync(spec, TestContext.Current.CancellationToken);
}
