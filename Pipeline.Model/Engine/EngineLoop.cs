using Pipeline.Model.Execution;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>What the engine's one thread does: take requests in, schedule, run, hand answers out.</summary>
/// <remarks>No request can end it: what the network throws is contained by the scheduler, and what the engine itself throws fails all who wait.</remarks>
internal sealed class EngineLoop(IModelRunner runner, EngineLimits limits, AnswerBuilder answers, TimeProvider time)
{
    private readonly RequestDesk _desk = new();
    private readonly StepRunner _steps = new(runner);
    private readonly LevelMeter _levels = new(limits);
    private readonly StatisticsRecorder _statistics = new(limits.MaxNumSeqs, time);
    private Scheduler _scheduler = new(limits, runner.Release);
    private volatile bool _stopping;

    public EngineStatistics Statistics => _statistics.Snapshot();

    /// <exception cref="System.Threading.Channels.ChannelClosedException">The engine has been stopped.</exception>
    public ValueTask SubmitAsync(PendingRequest request, CancellationToken cancellationToken) => _desk.SubmitAsync(request, cancellationToken);

    /// <summary>Ends <see cref="Run"/> after the step in hand. Whoever waits is told that the engine is gone.</summary>
    public void Stop()
    {
        _stopping = true;
        _desk.Close();
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
            while (_desk.Take() is not null)
            {
            }

            _desk.FailAll(new ObjectDisposedException(nameof(InferenceEngine)));
            _levels.Close();
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
        if (_stopping)
        {
            return false;
        }

        _levels.Tell(_scheduler.Levels);
        if (_scheduler.IsEmpty)
        {
            _statistics.BeginWait();
            bool more = _desk.Wait();
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
        while (_scheduler.WaitingImages < limits.MaxNumSeqs && _desk.Take() is { } request)
        {
            _scheduler.Add(request);
            EngineMeter.RequestTaken(isPrefixHit: request.Image is { Requests.Count: > 1 });
        }

        foreach (ScheduledRequest cancelled in _desk.TakeCancelled())
        {
            _scheduler.Cancel(cancelled);
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
            foreach (ScheduledRequest failed in _scheduler.Fail(step, OutOfMemory.Is(e)))
            {
                _desk.Fail(failed, new InferenceException(step.Stage, e));
            }

            return time.GetElapsedTime(start);
        }

        TimeSpan inNetwork = time.GetElapsedTime(start);
        long images = _scheduler.ImagesFinished;
        var unreadable = GiveResults(step.Prompts, results);
        _scheduler.Complete(step);
        foreach ((ScheduledRequest request, Exception exception) in unreadable)
        {
            _scheduler.Cancel(request);
            _desk.Fail(request, new InferenceException(step.Stage, exception));
        }

        // Before anyone has an answer: who reads the statistics then finds it counted.
        _statistics.StepRan(step, inNetwork, step.Prompts.Count(prompt => prompt.Answer is not null), _scheduler.ImagesFinished - images);
        foreach (ScheduledRequest request in step.Requests.Where(request => request.Remaining == 0).ToList())
        {
            _desk.Complete(request);
        }

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

    /// <summary>The bookkeeping can't be trusted any more: nobody waits for it in vain, and later requests find a new one.</summary>
    private void StartAfresh(Exception cause)
    {
        _desk.FailAll(new InferenceException(InferenceStage.Scheduling, cause));
        for (int slot = 0; slot < limits.Layout.ImageSlots; slot++)
        {
            runner.Release(slot);
        }

        _scheduler = new Scheduler(limits, runner.Release);
    }
}
