using Pipeline.Model.Imaging;

namespace Pipeline.Model.Scheduling;

/// <summary>One image and its prompts. Ends when all prompts have, or when it is cancelled or fails.</summary>
internal sealed class ScheduledRequest
{
    /// <param name="crops">Of the image.</param>
    /// <param name="prompts">At least one, of no other request.</param>
    public ScheduledRequest(ImageCrops crops, IReadOnlyList<PromptTask> prompts)
    {
        Crops = crops;
        Prompts = prompts;
        Remaining = prompts.Count;
        for (int i = 0; i < prompts.Count; i++)
        {
            prompts[i].JoinRequest(this, i);
        }
    }

    public ImageCrops Crops { get; }

    public IReadOnlyList<PromptTask> Prompts { get; }

    /// <summary>Prompts without an answer; 0 of a request that was cancelled or failed.</summary>
    public int Remaining { get; internal set; }

    /// <summary>Set by the scheduler: requests that came earlier have lower numbers.</summary>
    public long Number { get; internal set; }

    /// <summary>Null before it is added and after it has ended.</summary>
    internal ScheduledImage? Image { get; set; }
}
