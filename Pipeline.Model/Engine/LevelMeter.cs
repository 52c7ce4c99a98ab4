using System.Diagnostics.Metrics;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Publishes how full one engine is and how much it holds; engines of a process add up. Used by the engine's thread alone.</summary>
internal sealed class LevelMeter
{
    private const string Pool = "pipeline.pool";

    private static readonly Meter s_meter = new(EngineMeter.Name);
    private static readonly UpDownCounter<long> s_waitingImages = s_meter.CreateUpDownCounter<long>("pipeline.model.images.waiting", "{image}", "Images whose encode has not begun.");
    private static readonly UpDownCounter<long> s_waiting = s_meter.CreateUpDownCounter<long>("pipeline.model.prompts.waiting", "{prompt}", "Prompts that wait for their prefill.");
    private static readonly UpDownCounter<long> s_running = s_meter.CreateUpDownCounter<long>("pipeline.model.sequences.running", "{sequence}", "Sequences that get a token a decode step.");
    private static readonly UpDownCounter<long> s_runningLimit = s_meter.CreateUpDownCounter<long>("pipeline.model.sequences.limit", "{sequence}", "Sequences that may run at a time.");
    private static readonly UpDownCounter<long> s_kvUsed = s_meter.CreateUpDownCounter<long>("pipeline.model.kv.used", "{part}", "Image slots and text blocks of the KV cache that are taken.");
    private static readonly UpDownCounter<long> s_kvLimit = s_meter.CreateUpDownCounter<long>("pipeline.model.kv.limit", "{part}", "Image slots and text blocks of the KV cache.");
    private static readonly KeyValuePair<string, object?> s_image = new(Pool, "image");
    private static readonly KeyValuePair<string, object?> s_text = new(Pool, "text");

    private readonly EngineLimits _limits;
    private SchedulerLevels _told;

    public LevelMeter(EngineLimits limits)
    {
        _limits = limits;
        AddLimits(1);
    }

    public void Tell(SchedulerLevels now)
    {
        if (now != _told)
        {
            s_waitingImages.Add(now.WaitingImages - _told.WaitingImages);
            s_waiting.Add(now.WaitingPrompts - _told.WaitingPrompts);
            s_running.Add(now.RunningSequences - _told.RunningSequences);
            s_kvUsed.Add(now.ImageSlots - _told.ImageSlots, s_image);
            s_kvUsed.Add(now.TextBlocks - _told.TextBlocks, s_text);
            _told = now;
        }
    }

    /// <summary>The engine is gone.</summary>
    public void Close()
    {
        Tell(default);
        AddLimits(-1);
    }

    private void AddLimits(int sign)
    {
        s_runningLimit.Add(sign * _limits.MaxNumSeqs);
        s_kvLimit.Add(sign * _limits.Layout.ImageSlots, s_image);
        s_kvLimit.Add(sign * _limits.Layout.Blocks, s_text);
    }
}
