using Pipeline.Model.Engine;

namespace Pipeline.Model.Scheduling;

/// <summary>What the network is to run next.</summary>
/// <param name="Stage">Which of its parts.</param>
/// <param name="Size">In the unit of the stage's limit: crops, tokens or sequences.</param>
internal abstract record Step(InferenceStage Stage, int Size)
{
    /// <summary>Images or prompts in it; at least one.</summary>
    public abstract int Count { get; }

    /// <summary>Those it runs; none in a step on images.</summary>
    public virtual IReadOnlyList<PromptTask> Prompts => [];

    /// <summary>Whose they are, those included that share an image; none where all were cancelled.</summary>
    public virtual IEnumerable<ScheduledRequest> Requests => Prompts.Select(prompt => prompt.Request).Distinct();

    /// <summary>Times that the network runs over its items.</summary>
    public virtual int Iterations => 1;

    /// <summary>One item of a step that failed.</summary>
    public bool IsRetry { get; init; }

    /// <summary>A step for each item.</summary>
    public abstract IEnumerable<Step> Apart();
}

/// <summary>Images to encode, or to prefill.</summary>
/// <param name="Stage">Vision or image prefill.</param>
/// <param name="Images">In the order in which they came; each has a slot.</param>
/// <param name="SizeEach">Of one image.</param>
internal sealed record ImageStep(InferenceStage Stage, IReadOnlyList<ScheduledImage> Images, int SizeEach) : Step(Stage, Images.Count * SizeEach)
{
    public override IEnumerable<ScheduledRequest> Requests => Images.SelectMany(image => image.Requests);

    public override int Count => Images.Count;

    public override IEnumerable<Step> Apart() => Images.Select(image => new ImageStep(Stage, [image], SizeEach) { IsRetry = true });
}

/// <summary>Prompts to prefill; generated and scored ones together.</summary>
/// <param name="Prompts">In the order in which they came; each sequence has its blocks.</param>
internal sealed record PrefillStep(IReadOnlyList<PromptTask> Prompts) : Step(InferenceStage.TextPrefill, Prompts.Sum(prompt => prompt.PrefillTokens))
{
    public override IReadOnlyList<PromptTask> Prompts { get; } = Prompts;

    public override int Count => Prompts.Count;

    public override IEnumerable<Step> Apart() => Prompts.Select(prompt => new PrefillStep([prompt]) { IsRetry = true });
}

/// <summary>Sequences that get more tokens.</summary>
/// <param name="Sequences">Running.</param>
/// <param name="Tokens">That each gets, one after the other; what is run behind the end of an answer is lost.</param>
internal sealed record DecodeStep(IReadOnlyList<Sequence> Sequences, int Tokens = 1) : Step(InferenceStage.Decode, Sequences.Count)
{
    public override IReadOnlyList<PromptTask> Prompts => Sequences;

    public override int Count => Sequences.Count;

    public override int Iterations => Tokens;

    public override IEnumerable<Step> Apart() => Sequences.Select(sequence => new DecodeStep([sequence], Tokens) { IsRetry = true });
}
