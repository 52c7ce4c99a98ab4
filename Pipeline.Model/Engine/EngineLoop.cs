using System.Threading.Channels;
using Pipeline.Model.Execution;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>What the engine's one thread does: take requests in, schedule, run, hand answers out.</summary>
/// <remarks>No request can end it: what the network throws is contained by the scheduler, and what the engine itself throws fails all who wait.</remarks>
internal sealed class EngineLoop(IModelRunner runner, EngineLimits limits, AnswerBuilder answers, TimeProvider time)
{
    /// <summary>Requests that wait outside the scheduler's sight. A caller holds its crops (14 MB of v2) whether they wait here or there.</summary>
    private const int WaitingRequests = 8;

    private readonly Channel<PendingRequest> _incoming = Channel.CreateBounded<PendingRequest>(
        new BoundedChannelOptions(WaitingRequests) { SingleReader = true });
    private readonly Dictionary<ScheduledRequest, PendingRequest> _inWork = [];
    private readonly StepRunner _steps = new(runner);
    private readonly StatisticsRecorder _statistics = new(limits.MaxNumSeqs, time);
    private Scheduler _scheduler = new(limits, runner.Release);
    private volatile bool _stopping;

    public EngineStatistics Statistics => _statistics.Snapshot();

    /// <exception cref="ChannelClosedException">The engine has been stopped.</exception>
    public ValueTask SubmitAsync(PendingRequest request, CancellationToken cancellationToken) => _incoming.Writer.WriteAsync(request, cancellationToken);

    /// <summary>Ends <see cref="Run"/> after the step in hand. Whoever waits is told that the engine is gone.</summary>
    public void Stop()
    {
        _stopping = true;
        _incoming.Writer.TryComplete();
    }

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    public void Run()
    {
        try
        {
            for (bool goOn = true; goOn;)
            {
                goOn = RunOrStartAfresh();
            }
        }
        finally
        {
            Stop();
            FailAll(new ObjectDisposedException(nameof(InferenceEngine)));
            while (_incoming.Reader.TryRead(out PendingRequest? request))
            {
                request.Fail(new ObjectDisposedException(nameof(InferenceEngine)));
            }
        }
    }

    private bool RunOrStartAfresh()
    {
        try
        {
            return RunOnce();
        }
        catch (Exception e)
        {
            StartAfresh(e);
            return true;
        }
    }

    private bool RunOnce()
    {
        long start = time.GetTimestamp();
        TakeIn();
        CancelAbandoned();
        if (_stopping)
        {
            return false;
        }

        if (_scheduler.IsEmpty)
        {
            _statistics.BeginWait();
            bool more = _incoming.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
            _statistics.EndWait();
            return more;
        }

        TimeSpan inNetwork = RunStep(_scheduler.Schedule() ?? throw new InvalidOperationException("There is work, and no step for it."));
        _statistics.Managed(time.GetElapsedTime(start) - inNetwork);
        return true;
    }

    /// <summary>As many images wait as could run: enough to fill every batch, and to find equal ones among them.</summary>
    private void TakeIn()
    {
        while (_scheduler.WaitingImages < limits.MaxNumSeqs && _incoming.Reader.TryRead(out PendingRequest? request))
        {
            if (request.IsCancelled)
            {
                request.Cancel();
                continue;
            }

            _inWork.Add(request.Request, request);
            _scheduler.Add(request.Request);
        }
    }

    private void CancelAbandoned()
    {
        foreach (PendingRequest request in _inWork.Values.Where(request => request.IsCancelled).ToList())
        {
            _inWork.Remove(request.Request);
            _scheduler.Cancel(request.Request);
            request.Cancel();
        }
    }

    /// <returns>Time in the network.</returns>
    private TimeSpan RunStep(Step step)
    {
        long start = time.GetTimestamp();
        IReadOnlyList<TextResult> results;
        try
        {
            results = _steps.Run(step);
        }
        catch (Exception e)
        {
            _statistics.StepFailed(step, time.GetElapsedTime(start));
            Fail(_scheduler.Fail(step, OutOfMemory.Is(e)), new InferenceException(step.Stage, e));
            return time.GetElapsedTime(start);
        }

        TimeSpan inNetwork = time.GetElapsedTime(start);
        long images = _scheduler.ImagesFinished;
        var unreadable = GiveResults(step.Prompts, results);
        _scheduler.Complete(step);
        foreach ((ScheduledRequest request, Exception exception) in unreadable)
        {
            _scheduler.Cancel(request);
            Fail([request], new InferenceException(step.Stage, exception));
        }

        // Before anyone has an answer: who reads the statistics then finds it counted.
        _statistics.StepRan(step, inNetwork, step.Prompts.Count(prompt => prompt.Answer is not null), _scheduler.ImagesFinished - images);
        Deliver(step.Prompts);
        return inNetwork;
    }

    /// <returns>Requests of which no answer could be made.</returns>
    private Dictionary<ScheduledRequest, Exception> GiveResults(IReadOnlyList<PromptTask> prompts, IReadOnlyList<TextResult> results)
    {
        Dictionary<ScheduledRequest, Exception> failed = [];
        foreach ((PromptTask prompt, TextResult result) in prompts.Zip(results))
        {
            try
            {
                answers.Take(prompt, result);
            }
            catch (Exception e)
            {
                failed.TryAdd(prompt.Request, e);
            }
        }

        return failed;
    }

    private void Deliver(IReadOnlyList<PromptTask> prompts)
    {
        foreach (ScheduledRequest request in prompts.Select(prompt => prompt.Request).Where(request => request.Remaining == 0).Distinct())
        {
            if (_inWork.Remove(request, out PendingRequest? pending))
            {
                pending.Complete();
            }
        }
    }

    private void Fail(IReadOnlyList<ScheduledRequest> requests, InferenceException exception)
    {
        foreach (ScheduledRequest request in requests)
        {
            if (_inWork.Remove(request, out PendingRequest? pending))
            {
                pending.Fail(exception);
            }
        }
    }

    /// <summary>The bookkeeping can't be trusted any more: nobody waits for it in vain, and later requests find a new one.</summary>
    private void StartAfresh(Exception cause)
    {
        FailAll(new InferenceException(InferenceStage.Scheduling, cause));
        for (int slot = 0; slot < limits.Layout.ImageSlots; slot++)
        {
            runner.Release(slot);
        }

        _scheduler = new Scheduler(limits, runner.Release);
    }

    private void FailAll(Exception exception)
    {
        foreach (PendingRequest request in _inWork.Values)
        {
            request.Fail(exception);
        }

        _inWork.Clear();
    }
}
