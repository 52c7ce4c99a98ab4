using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Tests.Scheduling;

/// <summary>A scheduler with a network that only remembers what lies in which slot, and checks that everything it is asked for is there.</summary>
internal sealed class SimulatedEngine
{
    private readonly EngineLimits _limits;
    private readonly Scheduler _scheduler;
    private readonly Dictionary<int, ImageCrops> _encoded = [];
    private readonly Dictionary<int, ImageCrops> _prefilled = [];
    private readonly HashSet<ScheduledRequest> _poisoned = [];
    private readonly List<ScheduledRequest> _inWork = [];
    private readonly Dictionary<Sequence, int> _lengths = [];

    public SimulatedEngine(EngineLimits limits)
    {
        _limits = limits;
        _scheduler = new Scheduler(limits, slot =>
        {
            _encoded.Remove(slot);
            _prefilled.Remove(slot);
        });
    }

    public List<ScheduledRequest> Answered { get; } = [];
    public List<ScheduledRequest> Cancelled { get; } = [];
    public List<ScheduledRequest> Failed { get; } = [];
    public int OutOfMemory { get; private set; }
    public int Restarts { get; private set; }
    public int Encodes { get; private set; }
    public int Added { get; private set; }

    /// <summary>Anything may happen: a number's low digits say what, its high ones to whom.</summary>
    public void Happen(int number)
    {
        int detail = number / 16;
        switch (number % 16)
        {
            case < 4:
                Add(detail);
                break;
            case 4 when _inWork.Count > 0:
                Cancel(_inWork[detail % _inWork.Count]);
                break;
            case 5:
                Step(memory: detail % 7);
                break;
            default:
                Step();
                break;
        }

        _scheduler.CheckIntegrity();
    }

    /// <summary>Steps until nothing is in work, at most so many.</summary>
    public void Finish(int steps)
    {
        for (int i = 0; i < steps && !_scheduler.IsEmpty; i++)
        {
            Step();
            _scheduler.CheckIntegrity();
        }
    }

    private void Add(int number)
    {
        List<PromptTask> prompts = [];
        for (int i = 0; i <= number / 5 % 4; i++)
        {
            prompts.Add((number >> i) % 2 == 0 ? Plans.Score(1 + (number % 20)) : NewSequence(number + i));
        }

        ScheduledRequest request = Plans.Request(number % 5, [.. prompts]);
        if (number % 23 == 0)
        {
            _poisoned.Add(request);
        }

        Added++;
        _inWork.Add(request);
        _scheduler.Add(request);
    }

    private Sequence NewSequence(int number)
    {
        Sequence sequence = Plans.Sequence(1 + (number % 30), 1 + (number % 20));
        _lengths[sequence] = 1 + (number % sequence.Sampling.MaxTokens);
        return sequence;
    }

    private void Cancel(ScheduledRequest request)
    {
        _scheduler.Cancel(request);
        _inWork.Remove(request);
        Cancelled.Add(request);
    }

    /// <param name="memory">Memory lasts for so many items; 0: for any number.</param>
    private void Step(int memory = 0)
    {
        if (_scheduler.Schedule() is not { } step)
        {
            Assert.True(_scheduler.IsEmpty, "there is work, and no step for it");
            return;
        }

        AssertWithinBudget(step);
        bool outOfMemory = memory > 0 && step.Count > memory;
        if (outOfMemory || IsPoisoned(step))
        {
            OutOfMemory += outOfMemory ? 1 : 0;
            foreach (ScheduledRequest failed in _scheduler.Fail(step, outOfMemory))
            {
                Assert.True(_inWork.Remove(failed));
                Failed.Add(failed);
            }

            return;
        }

        Run(step);
        _scheduler.Complete(step);
        foreach (ScheduledRequest request in _inWork.Where(request => request.Remaining == 0).ToList())
        {
            _inWork.Remove(request);
            Answered.Add(request);
        }
    }

    /// <summary>Poison shows in every stage in turn, depending on the request.</summary>
    private bool IsPoisoned(Step step) => step switch
    {
        ImageStep images => images.Images.SelectMany(image => image.Requests).Any(request => _poisoned.Contains(request) && request.Number % 4 == (int)step.Stage),
        PrefillStep prefill => prefill.Prompts.Any(prompt => _poisoned.Contains(prompt.Request) && prompt.Request.Number % 4 == (int)step.Stage),
        DecodeStep decode => decode.Sequences.Any(sequence => _poisoned.Contains(sequence.Request) && sequence.Request.Number % 4 == (int)step.Stage),
        _ => false,
    };

    private void Run(Step step)
    {
        switch (step)
        {
            case ImageStep { Stage: InferenceStage.Vision } vision:
                Encodes += vision.Count;
                Assert.All(vision.Images, image => Assert.True(_encoded.TryAdd(image.Slot!.Value, image.Crops), "a slot is used twice"));
                break;
            case ImageStep prefill:
                Assert.All(prefill.Images, image => Assert.Same(image.Crops, _encoded[image.Slot!.Value]));
                Assert.All(prefill.Images, image => Assert.True(_prefilled.TryAdd(image.Slot!.Value, image.Crops), "an image is prefilled twice"));
                break;
            case PrefillStep prefill:
                Assert.All(prefill.Prompts, RunPrompt);
                break;
            case DecodeStep decode:
                Assert.All(decode.Sequences, RunPrompt);
                break;
        }
    }

    private void RunPrompt(PromptTask prompt)
    {
        Assert.Equal(_prefilled[prompt.Request.Image!.Slot!.Value], prompt.Request.Crops, SamePixels.Comparer);
        if (prompt is not Sequence sequence)
        {
            prompt.End(Plans.Answer);
            return;
        }

        Assert.Equal(sequence.BlocksNeeded, sequence.Blocks.Count);
        sequence.Append(new PickedToken(sequence.Generated.Count, -1));
        if (sequence.Generated.Count < _lengths[sequence])
        {
            return;
        }

        if (sequence.Rejected.Count < sequence.Prompt.Count % 3)
        {
            Restarts++;
            sequence.StartAgain(new RejectedAnswer("", Model.Quality.AnswerDefect.Empty), sequence.Sampling, null);
        }
        else
        {
            sequence.End(Plans.Answer);
        }
    }

    private void AssertWithinBudget(Step step)
    {
        Assert.True(step.Count == 1 || step.Size <= _scheduler.Budgets[step.Stage].Current, $"a {step.Stage} step of {step.Size}");
        Assert.True(step.Size <= step.Stage switch
        {
            InferenceStage.Vision => _limits.MaxNumCrops,
            InferenceStage.Decode => _limits.MaxNumSeqs,
            _ => _limits.MaxNumBatchedTokens,
        });
    }
}
