using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Counts what the engine does. Written by the engine's thread, read by any.</summary>
internal sealed class StatisticsRecorder(int maxNumSeqs, TimeProvider time)
{
    private readonly Lock _lock = new();
    private EngineStatistics _now = new()
    {
        MaxNumSeqs = maxNumSeqs,
        Vision = default,
        ImagePrefill = default,
        TextPrefill = default,
        Decode = default,
        Idle = default,
        Overhead = default,
        FailedSteps = 0,
        ImagesFinished = 0,
        PromptsFinished = 0,
    };

    private long? _waitingSince;

    /// <summary>A wait that goes on counts up to now.</summary>
    public EngineStatistics Snapshot()
    {
        lock (_lock)
        {
            return _waitingSince is { } start ? _now with { Idle = _now.Idle + time.GetElapsedTime(start) } : _now;
        }
    }

    public void BeginWait()
    {
        lock (_lock)
        {
            _waitingSince = time.GetTimestamp();
        }
    }

    public void EndWait()
    {
        EngineStatistics now = Snapshot();
        lock (_lock)
        {
            _now = now;
            _waitingSince = null;
        }
    }

    public void StepFailed(Step step, TimeSpan inNetwork)
    {
        EngineMeter.StepFailed(step.Stage, inNetwork);
        Update(now => now with { FailedSteps = now.FailedSteps + 1 });
    }

    /// <param name="step">Went well.</param>
    /// <param name="inNetwork">Time it took there.</param>
    /// <param name="prompts">That ended with it.</param>
    /// <param name="images">That were let go with it.</param>
    public void StepRan(Step step, TimeSpan inNetwork, int prompts, long images)
    {
        EngineMeter.StepRan(step, inNetwork, prompts);
        var stage = new StageStatistics(step.Iterations, inNetwork, (long)step.Iterations * step.Size);
        Update(now => (step.Stage switch
        {
            InferenceStage.Vision => now with { Vision = now.Vision + stage },
            InferenceStage.ImagePrefill => now with { ImagePrefill = now.ImagePrefill + stage },
            InferenceStage.TextPrefill => now with { TextPrefill = now.TextPrefill + stage },
            _ => now with { Decode = now.Decode + stage },
        }) with
        { PromptsFinished = now.PromptsFinished + prompts, ImagesFinished = now.ImagesFinished + images });
    }

    /// <summary>Time of the engine's thread that was neither waiting nor in the network.</summary>
    public void Managed(TimeSpan between) => Update(now => now with { Overhead = now.Overhead + between });

    private void Update(Func<EngineStatistics, EngineStatistics> change)
    {
        lock (_lock)
        {
            _now = change(_now);
        }
    }
}
