using Pipeline.Model.Execution;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Has the network run a step.</summary>
internal sealed class StepRunner(IModelRunner runner)
{
    /// <returns>One for each prompt of the step, in order; of steps on images none.</returns>
    public IReadOnlyList<TextResult> Run(Step step)
    {
        switch (step)
        {
            case ImageStep { Stage: InferenceStage.Vision } vision:
                Encode(vision.Images);
                return [];
            case ImageStep prefill:
                runner.PrefillImages([.. prefill.Images.Select(SlotOf)]);
                return [];
            case PrefillStep prefill:
                return AllOf(step, runner.PrefillText([.. prefill.Prompts.Select(WorkOf)]));
            case DecodeStep decode:
                return AllOf(step, [.. runner.Decode([.. decode.Sequences.Select(WorkOf)], decode.Tokens).Select(tokens => new NextTokens(tokens))]);
            default:
                throw new InvalidOperationException($"A {step.GetType().Name} is no step that the network runs.");
        }
    }

    private void Encode(IReadOnlyList<ScheduledImage> images)
    {
        IReadOnlyList<IReadOnlyList<int>> kept = runner.Encode([.. images.Select(image => new VisionWork(SlotOf(image), image.Crops))]);
        foreach ((ScheduledImage image, IReadOnlyList<int> crops) in images.Zip(kept))
        {
            image.KeptCrops = crops;
        }
    }

    private static IReadOnlyList<TextResult> AllOf(Step step, IReadOnlyList<TextResult> results) => results.Count == step.Count
        ? results
        : throw new InvalidOperationException($"A {step.Stage} step of {step.Count} prompts gave {results.Count} results.");

    private static TextWork WorkOf(PromptTask prompt) => prompt switch
    {
        ScoreTask score => new ScoreWork(SlotOf(prompt), prompt.Prompt, score.Choices),
        Sequence sequence => new GenerateWork(SlotOf(prompt), prompt.Prompt, sequence.Blocks, sequence.Picker),
        _ => throw new InvalidOperationException($"A {prompt.GetType().Name} is neither generated nor scored."),
    };

    /// <summary>All generated tokens but the last have been run behind the prompt.</summary>
    private static DecodeWork WorkOf(Sequence sequence) => new(
        SlotOf(sequence), sequence.Blocks, sequence.Prompt.Count + sequence.Generated.Count - 1, sequence.Generated, sequence.Picker);

    private static int SlotOf(PromptTask prompt) => SlotOf(prompt.Request.Image ?? throw new InvalidOperationException("A prompt's request has ended."));

    private static int SlotOf(ScheduledImage image) => image.Slot ?? throw new InvalidOperationException("An image has no slot.");
}
