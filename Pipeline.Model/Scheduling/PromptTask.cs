using Pipeline.Model.Engine;

namespace Pipeline.Model.Scheduling;

/// <summary>One prompt of a request on its way through the engine.</summary>
/// <param name="prompt">Ids from BOS on.</param>
internal abstract class PromptTask(IReadOnlyList<int> prompt)
{
    public IReadOnlyList<int> Prompt => prompt;

    /// <summary>Positions that its prefill runs.</summary>
    public abstract int PrefillTokens { get; }

    /// <summary>Set once it has ended.</summary>
    public Answer? Answer { get; private set; }

    /// <summary>Set by the request it is made part of.</summary>
    public ScheduledRequest Request { get; private set; } = null!;

    /// <summary>Its place among the request's prompts.</summary>
    public int Index { get; private set; }

    /// <summary>The scheduler lets go of it when the step it ended in is completed.</summary>
    /// <exception cref="InvalidOperationException">It has ended already.</exception>
    public void End(Answer answer) =>
        Answer = Answer is null ? answer : throw new InvalidOperationException($"Prompt {Index} of request {Request.Number} ends a second time.");

    internal void JoinRequest(ScheduledRequest request, int index)
    {
        Request = request;
        Index = index;
    }
}
