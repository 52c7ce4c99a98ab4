using Pipeline.Model.Engine;

namespace Pipeline.Model.Scheduling;

/// <summary>Which of the possible steps has its turn.</summary>
internal sealed class StepQueue(StepPlanner planner)
{
    /// <summary>Steps that a stage with work is passed over before it has its turn: endless work of one stage must not starve another.</summary>
    internal const int Patience = 64;

    private readonly Queue<Step> _retries = new();
    private readonly Dictionary<InferenceStage, int> _passedOver = [];

    /// <summary>Each item of a step that failed is to run alone, before anything else does.</summary>
    public void RetryApart(Step failed)
    {
        foreach (Step alone in failed.Apart())
        {
            _retries.Enqueue(alone);
        }
    }

    /// <summary>Null where nothing can run.</summary>
    public Step? Next()
    {
        while (_retries.TryDequeue(out Step? retry))
        {
            if (retry.Requests.Any(request => request.Image is not null)) // else it was cancelled meanwhile
            {
                return retry;
            }
        }

        Step[] possible = [.. planner.Plan()];
        Step? chosen = possible.FirstOrDefault(step => _passedOver.GetValueOrDefault(step.Stage) >= Patience) ?? possible.FirstOrDefault();
        foreach (Step step in possible)
        {
            _passedOver[step.Stage] = ReferenceEquals(step, chosen) ? 0 : _passedOver.GetValueOrDefault(step.Stage) + 1;
        }

        return chosen;
    }
}
