using Pipeline.Model.Engine;

namespace Pipeline.Model.Scheduling;

/// <summary>Makes up the steps that could run now, each as large as the budgets allow. Changes nothing.</summary>
internal sealed class StepPlanner(EngineLimits limits, ImageTable images, SequencePool sequences)
{
    /// <summary>Largest step of each stage.</summary>
    public IReadOnlyDictionary<InferenceStage, StepBudget> Budgets { get; } = new Dictionary<InferenceStage, StepBudget>
    {
        [InferenceStage.Vision] = new(limits.MaxNumCrops),
        [InferenceStage.ImagePrefill] = new(limits.MaxNumBatchedTokens),
        [InferenceStage.TextPrefill] = new(limits.MaxNumBatchedTokens),
        [InferenceStage.Decode] = new(limits.MaxNumSeqs),
    };

    /// <summary>
    /// At most one step a stage, in the order in which the stages go before each other. Images that were encoded together are all
    /// prefilled before their prompts are, so that these run together too.
    /// </summary>
    public IEnumerable<Step> Plan() => ((Step?[])[PrefillImages(), PrefillPrompts(), Encode(), Decode()]).OfType<Step>();

    /// <summary>A sequence that finds no place or no blocks holds up those behind it, but not prompts to score: they need neither.</summary>
    private PrefillStep? PrefillPrompts()
    {
        int places = limits.MaxNumSeqs - sequences.Running.Count;
        int blocks = sequences.FreeBlocks;
        int tokens = 0;
        List<PromptTask> chosen = [];
        foreach (PromptTask prompt in sequences.Waiting)
        {
            if (prompt is Sequence sequence && (--places < 0 || (blocks -= sequence.BlocksNeeded) < 0))
            {
                places = 0;
                continue;
            }

            tokens += prompt.PrefillTokens;
            if (chosen.Count == limits.MaxNumSeqs || (chosen.Count > 0 && tokens > Budgets[InferenceStage.TextPrefill].Current))
            {
                break;
            }

            chosen.Add(prompt);
        }

        return chosen.Count == 0 ? null : new PrefillStep(chosen);
    }

    private ImageStep? PrefillImages() => OfImages(
        InferenceStage.ImagePrefill, limits.ImagePositions, images.Images.Where(image => image.State is ImageState.Encoded));

    /// <summary>Images are encoded as long as there are slots, and places for the sequences that follow.</summary>
    private ImageStep? Encode()
    {
        int wanted = sequences.Running.Count
            + images.Images.Where(image => image.State is not ImageState.Waiting).SelectMany(NotRunning).Count();
        List<ScheduledImage> chosen = [];
        foreach (ScheduledImage image in images.Images.Where(image => image.State is ImageState.Waiting))
        {
            int more = NotRunning(image).Count();
            if (chosen.Count == images.FreeSlots || (more > 0 && wanted >= limits.MaxNumSeqs))
            {
                break;
            }

            wanted += more;
            chosen.Add(image);
        }

        return OfImages(InferenceStage.Vision, limits.CropsPerImage, chosen);
    }

    /// <summary>One token at a time where somebody must see the logits to choose it.</summary>
    private DecodeStep? Decode()
    {
        Sequence[] chosen = [.. sequences.Running.Take(Budgets[InferenceStage.Decode].Current)];
        bool onDevice = chosen.All(sequence => sequence.Picker is null || sequence.Picker.Draw is not null);
        return chosen.Length == 0 ? null : new DecodeStep(chosen, onDevice ? limits.NumDecodeSteps : 1);
    }

    private ImageStep? OfImages(InferenceStage stage, int size, IEnumerable<ScheduledImage> waiting)
    {
        ScheduledImage[] chosen = [.. waiting.Take(Math.Max(1, Budgets[stage].Current / size))];
        return chosen.Length == 0 ? null : new ImageStep(stage, chosen, size);
    }

    /// <summary>Sequences of an image that hold no place yet.</summary>
    private static IEnumerable<Sequence> NotRunning(ScheduledImage image) =>
        image.Unanswered.OfType<Sequence>().Where(sequence => sequence.Blocks.Count == 0);
}
