using System.CommandLine;
using Pipeline.Model.Benchmarking;
using Pipeline.Model.Engine;

namespace Pipeline.Cli.Commands;

/// <summary>Arguments of <c>pipeline bench engine</c>.</summary>
internal sealed class BenchOptions
{
    private const string All = "all";
    private const int DefaultRepetitions = 3;

    private readonly Argument<string?> _folder = new("CONFIG")
    {
        Description = $"Folder with config.json, CLIP config and tokenizer of a Dragonfly checkpoint, or one of {string.Join(", ", BenchConfigs.Names)}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _config = new("--config") { Description = "The same, as an option.", HelpName = "CONFIG" };

    private readonly Option<bool> _randomWeights = new("--random-weights")
    {
        Description = "Random weights of the config's shapes, even if the folder holds weights. Where it holds none, weights are random in any case.",
    };

    private readonly Option<string> _images = new("--images")
    {
        Description = "Folder of JPEGs. As many different images as a run needs are made of them before the clock starts.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "JSON file with the texts \"caption\" and \"questions\". Default: a caption and five questions of about 25 tokens.",
        HelpName = "FILE",
    };

    private readonly Option<string> _workload = new("--workload")
    {
        Description = "caption: one an image; questions: all questions, 4 tokens each; mixed: a caption and 8 questions.",
        DefaultValueFactory = _ => All,
    };

    private readonly Option<int?> _repetitions = Count("--repetitions", $"Timed runs of each workload. Default {DefaultRepetitions}.");

    private readonly Option<int?> _captionTokens = Count("--caption-tokens", $"Tokens of a caption. Default {Workload.CaptionTokens}.");
    private readonly Option<int?> _numSchedulerSteps = Count("--num-scheduler-steps", "Tokens of a decode step. Default 1 on a CPU, 8 elsewhere.");
    private readonly PlacementOptions _placement = new();

    private readonly Option<int?> _count = Count(
        "--images-per-repetition", "Images of a timed run. Default: as many as --max-num-seqs, and each JPEG of the folder.");

    private readonly Option<int?> _maxNumSeqs = Count("--max-num-seqs", "Most answers generated at a time. Default 32.");
    private readonly Option<int?> _maxNumBatchedTokens = Count("--max-num-batched-tokens", "Most positions of a prefill step. Default 8,192.");
    private readonly Option<int?> _maxModelLen = Count("--max-model-len", "Most positions of a sequence. Default: the image's and 2,048.");
    private readonly Option<int?> _maxNumCrops = Count("--max-num-crops", "Most crops of a vision step. Default: four images'.");

    private readonly Option<long?> _kvCacheMemory = new("--kv-cache-memory")
    {
        Description = "Bytes of the KV cache. Default: a quarter of the memory.",
        HelpName = "BYTES",
    };

    private readonly Option<string?> _markdown = new("--markdown") { Description = "Write the results as a page, too.", HelpName = "FILE" };
    private readonly Option<string?> _json = new("--json") { Description = "Write all measured values as JSON, too.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        _workload.AcceptOnlyFromAmong([.. Workload.Names, All]);
        command.Add(_folder);
        foreach (var option in (Option[])
            [
                _config, _randomWeights, _images, _prompts, _workload, _captionTokens, _numSchedulerSteps, _repetitions, _count, _maxNumSeqs, _maxNumBatchedTokens, _maxModelLen, _maxNumCrops, _kvCacheMemory,
                _markdown, _json,
            ])
        {
            command.Add(option);
        }

        _placement.AddTo(command);
    }

    /// <exception cref="CommandException">A value can't be used; all faults at once.</exception>
    public BenchRequest Read(ParseResult parsed)
    {
        var images = parsed.GetRequiredValue(_images);
        var faults = new List<string>();
        var folder = BenchConfigs.Find(parsed.GetValue(_folder), parsed.GetValue(_config), faults);

        if (!Directory.Exists(images))
        {
            faults.Add($"--images: '{images}' is no folder: name a folder of JPEGs.");
        }

        AddFault("--markdown", parsed.GetValue(_markdown), faults);
        AddFault("--json", parsed.GetValue(_json), faults);
        var texts = Texts(parsed.GetValue(_prompts), faults);
        if (faults.Count > 0)
        {
            throw CommandException.Usage(faults);
        }

        var workload = parsed.GetRequiredValue(_workload);
        return new BenchRequest
        {
            Settings = new EngineBenchmarkSettings
            {
                ConfigFolder = folder,
                ReadsWeights = !parsed.GetValue(_randomWeights) && BenchConfigs.HoldWeights(folder),
                ImageFolder = images,
                Workloads = [.. Workload.Names.Where(name => workload is All || workload == name).Select(name => Workload.Of(name, texts, parsed.GetValue(_captionTokens) ?? Workload.CaptionTokens))],
                Engine = Limits(parsed),
                Repetitions = parsed.GetValue(_repetitions) ?? DefaultRepetitions,
                ImagesPerRepetition = parsed.GetValue(_count),
            },
            CommandLine = CommandLine(parsed),
            Markdown = parsed.GetValue(_markdown),
            Json = parsed.GetValue(_json),
        };
    }

    /// <summary>Said before a long run, not after it.</summary>
    private static void AddFault(string option, string? file, List<string> faults)
    {
        if (file is not null && (Directory.Exists(file) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))))
        {
            faults.Add($"{option}: '{file}' can't be written: name a file in a folder that exists.");
        }
    }

    private static WorkloadTexts Texts(string? file, List<string> faults)
    {
        try
        {
            return file is null ? WorkloadTexts.Default : WorkloadTexts.Read(file);
        }
        catch (InvalidDataException e)
        {
            faults.Add($"--prompts: {e.Message}");
            return WorkloadTexts.Default;
        }
    }

    private EngineOptions Limits(ParseResult parsed)
    {
        var defaults = new EngineOptions();
        return _placement.Read(parsed, defaults) with
        {
            NumSchedulerSteps = parsed.GetValue(_numSchedulerSteps),
            MaxNumSeqs = parsed.GetValue(_maxNumSeqs),
            MaxNumBatchedTokens = parsed.GetValue(_maxNumBatchedTokens),
            MaxModelLen = parsed.GetValue(_maxModelLen),
            MaxNumCrops = parsed.GetValue(_maxNumCrops),
            KvCacheMemory = parsed.GetValue(_kvCacheMemory),
        };
    }

    /// <summary>To repeat the run by: what was written, folders and files by their names alone.</summary>
    private static string CommandLine(ParseResult parsed)
    {
        var words = parsed.Tokens.Select(token => Path.GetFileName(Path.TrimEndingDirectorySeparator(token.Value)));
        return $"./pipeline {string.Join(' ', words)}";
    }

    private static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
            {
                result.AddError($"{name}: {value} is out of range: give 1 or more.");
            }
        });
        return option;
    }
}
