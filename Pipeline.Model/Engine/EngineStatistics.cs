namespace Pipeline.Model.Engine;

/// <summary>What an engine did since it was loaded: sums, so that two snapshots tell what happened between them (<see cref="Since"/>).</summary>
public sealed record EngineStatistics
{
    /// <summary>Most sequences of a decode step: <see cref="EngineOptions.MaxNumSeqs"/>.</summary>
    public required int MaxNumSeqs { get; init; }

    /// <summary>Vision encodes; items are crops, those included that were encoded together with equal ones.</summary>
    public required StageStatistics Vision { get; init; }

    /// <summary>Prefills of image positions; items are tokens (positions).</summary>
    public required StageStatistics ImagePrefill { get; init; }

    /// <summary>Prefills of prompts and choices; items are tokens.</summary>
    public required StageStatistics TextPrefill { get; init; }

    /// <summary>Decode steps; items are sequences, each one token further.</summary>
    public required StageStatistics Decode { get; init; }

    /// <summary>Time without anything to run.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Time between steps: taking in requests, scheduling, making answers of tokens.</summary>
    public required TimeSpan Overhead { get; init; }

    /// <summary>Steps that failed, each to be run again smaller or one item at a time.</summary>
    public required long FailedSteps { get; init; }

    /// <summary>Images whose positions were prefilled and which were let go again; one for all requests that shared it.</summary>
    public required long ImagesFinished { get; init; }

    /// <summary>Prompts answered.</summary>
    public required long PromptsFinished { get; init; }

    /// <summary>Mean sequences of a decode step ÷ <see cref="MaxNumSeqs"/>: 0 to 1; 0 before the first.</summary>
    public double BatchFill => Decode.MeanItems / MaxNumSeqs;

    /// <summary>What happened after an earlier snapshot of the same engine.</summary>
    public EngineStatistics Since(EngineStatistics earlier) => this with
    {
        Vision = Vision - earlier.Vision,
        ImagePrefill = ImagePrefill - earlier.ImagePrefill,
        TextPrefill = TextPrefill - earlier.TextPrefill,
        Decode = Decode - earlier.Decode,
        Idle = Idle - earlier.Idle,
        Overhead = Overhead - earlier.Overhead,
        FailedSteps = FailedSteps - earlier.FailedSteps,
        ImagesFinished = ImagesFinished - earlier.ImagesFinished,
        PromptsFinished = PromptsFinished - earlier.PromptsFinished,
    };
}
