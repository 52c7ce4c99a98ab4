namespace Pipeline.Model.Scheduling;

/// <summary>How full a scheduler is at a moment.</summary>
/// <param name="WaitingImages">Images whose encode has not begun.</param>
/// <param name="WaitingPrompts">Prompts behind images that are ready, before their prefill.</param>
/// <param name="RunningSequences">Sequences that get a token a decode step.</param>
/// <param name="ImageSlots">Of the KV cache, taken.</param>
/// <param name="TextBlocks">Of the KV cache, taken.</param>
internal readonly record struct SchedulerLevels(int WaitingImages, int WaitingPrompts, int RunningSequences, int ImageSlots, int TextBlocks);
