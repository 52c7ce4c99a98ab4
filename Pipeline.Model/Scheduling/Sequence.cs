using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Scheduling;

/// <summary>A prompt whose answer is generated token by token.</summary>
/// <param name="source">What was asked.</param>
/// <param name="prompt">Its ids from BOS on.</param>
/// <param name="picker">Of the first attempt; null: greedy.</param>
/// <param name="overrun">Most tokens that a step runs behind the end of an answer.</param>
internal sealed class Sequence(GeneratePrompt source, IReadOnlyList<int> prompt, ITokenPicker? picker, int overrun = 0) : PromptTask(prompt)
{
    private readonly List<int> _generated = [];
    private readonly List<float> _logProbabilities = [];
    private readonly List<RejectedAnswer> _rejected = [];

    public GeneratePrompt Source { get; } = source;

    /// <summary>Of this attempt.</summary>
    public SamplingParams Sampling { get; private set; } = source.Sampling;

    /// <summary>Of this attempt; null: greedy.</summary>
    public ITokenPicker? Picker { get; private set; } = picker;

    /// <summary>Ids of this attempt so far.</summary>
    public IReadOnlyList<int> Generated => _generated;

    /// <summary>Natural log of each one's probability.</summary>
    public IReadOnlyList<float> LogProbabilities => _logProbabilities;

    /// <summary>Earlier attempts, oldest first.</summary>
    public IReadOnlyList<RejectedAnswer> Rejected => _rejected;

    /// <summary>Held from the step that prefills it to its end.</summary>
    public IReadOnlyList<int> Blocks { get; internal set; } = [];

    /// <summary>Enough for prompt and whole answer: a running sequence never has to wait for one.</summary>
    public int BlocksNeeded { get; } = KvLayout.BlocksFor(prompt.Count + source.Sampling.MaxTokens + overrun);

    public override int PrefillTokens => Prompt.Count;

    /// <summary>True between <see cref="StartAgain"/> and the completion of the step.</summary>
    public bool IsToStartAgain { get; private set; }

    public void Append(PickedToken token)
    {
        _generated.Add(token.Id);
        _logProbabilities.Add(token.LogProbability);
    }

    /// <summary>Drops this attempt: when the step is completed, the prompt waits for its prefill again.</summary>
    /// <param name="rejected">What the attempt was.</param>
    /// <param name="sampling">Of the next attempt, with the same most tokens.</param>
    /// <param name="picker">Of the next attempt.</param>
    public void StartAgain(RejectedAnswer rejected, SamplingParams sampling, ITokenPicker? picker)
    {
        _rejected.Add(rejected);
        _generated.Clear();
        _logProbabilities.Clear();
        Sampling = sampling;
        Picker = picker;
        IsToStartAgain = true;
    }

    internal void StartsAgain() => IsToStartAgain = false;
}
