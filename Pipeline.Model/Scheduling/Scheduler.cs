using Pipeline.Model.Engine;

namespace Pipeline.Model.Scheduling;

/// <summary>
/// Decides what the network runs next. Whatever fills the batch goes before decoding it: positions of encoded images, prompts behind
/// images that are ready, vision, and only then one more token of all running sequences. Pure bookkeeping of the engine's thread.
/// </summary>
/// <remarks>
/// A step changes nothing until it is completed, but for the slots and blocks it reserves; so failing is giving those back. Images
/// and prompts are served in the order in which they came. A sequence holds the blocks of its whole answer from its prefill on: what
/// runs never waits for memory, and so always ends and makes room.
/// </remarks>
internal sealed class Scheduler
{
    private readonly EngineLimits _limits;
    private readonly ImageTable _images;
    private readonly SequencePool _sequences;
    private readonly StepPlanner _planner;
    private readonly StepQueue _queue;
    private long _requests;
    private Step? _running;

    /// <param name="limits">To keep to.</param>
    /// <param name="released">Told of every slot that an image has left, before another image gets it.</param>
    public Scheduler(EngineLimits limits, Action<int> released)
    {
        _limits = limits;
        _images = new ImageTable(limits.Layout.ImageSlots, limits.SharesImages, released);
        _sequences = new SequencePool(limits.Layout.Blocks);
        _planner = new StepPlanner(limits, _images, _sequences);
        _queue = new StepQueue(_planner);
    }

    /// <summary>Images whose encode has not begun.</summary>
    public int WaitingImages => _images.Images.Count(image => image.State is ImageState.Waiting);

    /// <summary>True where nothing is in work.</summary>
    public bool IsEmpty => _images.Images.Count == 0;

    /// <summary>How full it is now.</summary>
    public SchedulerLevels Levels => new(
        WaitingImages, _sequences.Waiting.Count, _sequences.Running.Count, _limits.Layout.ImageSlots - _images.FreeSlots, _limits.Layout.Blocks - _sequences.FreeBlocks);

    /// <summary>Images that were prefilled and whose last request has ended.</summary>
    public long ImagesFinished { get; private set; }

    /// <summary>Largest steps allowed now.</summary>
    internal IReadOnlyDictionary<InferenceStage, StepBudget> Budgets => _planner.Budgets;

    public void Add(ScheduledRequest request)
    {
        request.Number = _requests++;
        if (_images.Join(request).State is ImageState.Ready)
        {
            _sequences.Wait(request.Prompts);
        }
    }

    /// <summary>Forgets a request, whatever it waits for, and frees what it alone holds. Nothing happens if it has ended.</summary>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    public void Cancel(ScheduledRequest request)
    {
        AssertNoStep();
        if (request.Image is not null)
        {
            foreach (PromptTask prompt in request.Prompts)
            {
                _sequences.Remove(prompt);
            }

            End(request);
        }
    }

    /// <summary>What to run next; null where nothing is in work. Must be completed or failed before anything but <see cref="Add"/>.</summary>
    public Step? Schedule()
    {
        AssertNoStep();
        _running = _queue.Next();
        if (_running is ImageStep { Stage: InferenceStage.Vision } vision)
        {
            foreach (ScheduledImage image in vision.Images)
            {
                _images.TakeSlot(image);
            }
        }
        else if (_running is PrefillStep prefill)
        {
            _sequences.TakeBlocks(prefill.Prompts);
        }

        return _running;
    }

    /// <summary>A step went well: its images are further, its prompts have their tokens, and those that ended make room.</summary>
    public void Complete(Step step)
    {
        EndStep(step);
        if (!step.IsRetry)
        {
            _planner.Budgets[step.Stage].Succeeded();
        }

        switch (step)
        {
            case ImageStep { Stage: InferenceStage.Vision } vision:
                Advance(vision, ImageState.Encoded);
                break;
            case ImageStep prefill:
                Advance(prefill, ImageState.Ready);
                _sequences.Wait(prefill.Images.SelectMany(image => image.Requests).SelectMany(request => request.Prompts));
                break;
            case PrefillStep prefill:
                _sequences.Prefilled(prefill.Prompts);
                EndAnswered(prefill.Prompts);
                break;
            case DecodeStep decode:
                _sequences.Decoded(decode.Sequences);
                EndAnswered(decode.Sequences);
                break;
        }
    }

    /// <summary>
    /// A step went wrong and left nothing behind. Where memory ran out, steps of its kind become smaller; else each of its items is
    /// tried again alone. One that was alone already fails for good.
    /// </summary>
    /// <returns>Requests that have failed with it; they are forgotten.</returns>
    public IReadOnlyList<ScheduledRequest> Fail(Step step, bool outOfMemory)
    {
        EndStep(step);
        GiveBack(step);
        if (step.IsRetry)
        {
            ScheduledRequest[] failed = [.. step.Requests];
            Array.ForEach(failed, Cancel);
            return failed;
        }

        if (outOfMemory && step.Count > 1)
        {
            _planner.Budgets[step.Stage].Halve(step.Size);
        }
        else
        {
            _queue.RetryApart(step);
        }

        return [];
    }

    /// <summary>Holds after any call, as long as no step runs.</summary>
    /// <exception cref="InvalidOperationException">It does not: says what is wrong.</exception>
    public void CheckIntegrity()
    {
        _images.CheckIntegrity();
        _sequences.CheckIntegrity(_images.Images, _limits.MaxNumSeqs);
    }

    private static void Advance(ImageStep step, ImageState state)
    {
        foreach (ScheduledImage image in step.Images)
        {
            image.State = state;
        }
    }

    private void EndAnswered(IReadOnlyList<PromptTask> prompts)
    {
        foreach (PromptTask prompt in prompts.Where(prompt => prompt.Answer is not null))
        {
            if (--prompt.Request.Remaining == 0)
            {
                End(prompt.Request);
            }
        }
    }

    private void End(ScheduledRequest request)
    {
        ImagesFinished += request.Image is { State: ImageState.Ready, Requests.Count: 1 } ? 1 : 0;
        request.Remaining = 0;
        _images.Leave(request);
    }

    private void GiveBack(Step step)
    {
        if (step is ImageStep { Stage: InferenceStage.Vision } vision)
        {
            foreach (ScheduledImage image in vision.Images)
            {
                _images.ReleaseSlot(image);
            }
        }
        else if (step is PrefillStep prefill)
        {
            _sequences.ReleaseBlocks(prefill.Prompts);
        }
    }

    private void EndStep(Step step) => _running = ReferenceEquals(step, _running)
        ? null
        : throw new InvalidOperationException("A step ends that does not run.");

    private void AssertNoStep()
    {
        if (_running is not null)
        {
            throw new InvalidOperationException($"A {_running.Stage} step is running.");
        }
    }
}
