using System.CommandLine;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;

namespace Pipeline.Cli.Commands;

/// <summary><c>--device</c>, <c>--dtype</c> and <c>--quantization</c>: where and in which numbers a model is run. One that is not given is as the settings (<c>PIPELINE_ENGINE__…</c>) have it.</summary>
internal sealed class PlacementOptions
{
    /// <summary>Of the settings, as workers read them.</summary>
    private const string Section = "Engine";

    private readonly Option<string?> _device = new("--device")
    {
        Description = $"Where the model runs: {ComputeDevices.Syntax}. Default auto: graphics cards that libtorch can use, else the processor.",
        HelpName = "DEVICE",
    };

    private readonly Option<string?> _dtype = new("--dtype")
    {
        Description = "Numbers of weights, activations and KV cache: auto, float32 or bfloat16. Default auto: float32 on a CPU, bfloat16 elsewhere.",
        HelpName = "TYPE",
    };

    private readonly Option<string?> _quantization = new("--quantization")
    {
        Description = "Language layers' weights in one byte (int8) or half a byte (int4) each. Default none. benchmarks/results/quantization.md says what it costs.",
        HelpName = "TYPE",
    };

    public void AddTo(Command command)
    {
        _dtype.AcceptOnlyFromAmong("auto", "float32", "bfloat16");
        _quantization.AcceptOnlyFromAmong("none", "int8", "int4");
        foreach (var option in (Option[])[_device, _dtype, _quantization])
        {
            command.Add(option);
        }
    }

    /// <summary>For a model of this process.</summary>
    public EngineOptions Read(ParseResult parsed, EngineOptions options) => options with
    {
        Device = parsed.GetValue(_device) ?? options.Device,
        Dtype = parsed.GetValue(_dtype) is { } dtype ? Enum.Parse<EngineType>(dtype, ignoreCase: true) : options.Dtype,
        Quantization = parsed.GetValue(_quantization) is { } quantization ? Enum.Parse<Quantization>(quantization, ignoreCase: true) : options.Quantization,
    };

    /// <summary>For a worker: settings that win over the environment's.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(ParseResult parsed) =>
        new[] { (nameof(EngineOptions.Device), _device), (nameof(EngineOptions.Dtype), _dtype), (nameof(EngineOptions.Quantization), _quantization) }
            .Select(one => KeyValuePair.Create($"{Section}:{one.Item1}", parsed.GetValue(one.Item2)))
            .Where(setting => setting.Value is not null);
}
