using System.CommandLine;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;

namespace Pipeline.Cli.Commands;

/// <summary><c>--dtype</c> and <c>--quantization</c>: numbers that a model is run in.</summary>
internal sealed class NumericsOptions
{
    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "Numbers of weights, activations and KV cache. auto: float32 on a CPU, bfloat16 elsewhere.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> _quantization = new("--quantization")
    {
        Description = "int8, int4: language layers' weights in one byte or half a byte each. benchmarks/results/quantization.md says what it costs.",
        DefaultValueFactory = _ => "none",
    };

    public void AddTo(Command command)
    {
        _dtype.AcceptOnlyFromAmong("auto", "float32", "bfloat16");
        _quantization.AcceptOnlyFromAmong("none", "int8", "int4");
        command.Add(_dtype);
        command.Add(_quantization);
    }

    public EngineOptions Read(ParseResult parsed, EngineOptions options) => options with
    {
        Dtype = Enum.Parse<EngineType>(parsed.GetRequiredValue(_dtype), ignoreCase: true),
        Quantization = Enum.Parse<Quantization>(parsed.GetRequiredValue(_quantization), ignoreCase: true),
    };
}
