using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>A request and whoever waits for its answers.</summary>
internal sealed class PendingRequest(ScheduledRequest request, CancellationToken cancellationToken)
{
    /// <summary>Continuations must not run on the engine's thread.</summary>
    private readonly TaskCompletionSource<IReadOnlyList<Answer>> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScheduledRequest Request => request;

    /// <summary>Nobody waits any more.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>One a prompt, in order.</summary>
    public Task<IReadOnlyList<Answer>> Answers => _answers.Task;

    /// <summary>All prompts have their answers.</summary>
    public void Complete() => _answers.TrySetResult([.. request.Prompts.Select(prompt => prompt.Answer!)]);

    public void Fail(Exception exception) => _answers.TrySetException(exception);

    public void Cancel() => _answers.TrySetCanceled(cancellationToken);
}
