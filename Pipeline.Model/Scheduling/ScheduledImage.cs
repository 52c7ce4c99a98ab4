using Pipeline.Model.Imaging;

namespace Pipeline.Model.Scheduling;

/// <summary>An image in work, for all requests that ask about the same pixels. Lives until the last of their prompts has ended.</summary>
internal sealed class ScheduledImage(ImageCrops crops)
{
    public ImageCrops Crops => crops;

    public ImageState State { get; internal set; }

    /// <summary>Where its keys and values lie; null while it waits for its encode.</summary>
    public int? Slot { get; internal set; }

    /// <summary>Once it is encoded, the high crops that v1 kept; of v2 none.</summary>
    public IReadOnlyList<int> KeptCrops { get; internal set; } = [];

    /// <summary>In the order in which they came.</summary>
    internal List<ScheduledRequest> Requests { get; } = [];

    /// <summary>Prompts of its requests that have not ended and are still to be prefilled.</summary>
    internal IEnumerable<PromptTask> Unanswered => Requests.SelectMany(request => request.Prompts).Where(prompt => prompt.Answer is null);
}

/// <summary>How far an image is.</summary>
internal enum ImageState
{
    /// <summary>Its crops are to be encoded.</summary>
    Waiting,

    /// <summary>Encoded: its positions are to be prefilled.</summary>
    Encoded,

    /// <summary>Its keys and values are in its slot.</summary>
    Ready,
}
