using System.Threading.Channels;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Engine;

/// <summary>Where callers hand their requests in and wait, and the engine's thread takes them and answers.</summary>
internal sealed class RequestDesk
{
    /// <summary>Requests that wait outside the scheduler's sight. A caller holds its crops (14 MB of v2) whether they wait here or there.</summary>
    private const int Waiting = 8;

    private readonly Channel<PendingRequest> _incoming = Channel.CreateBounded<PendingRequest>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly Dictionary<ScheduledRequest, PendingRequest> _inWork = [];

    /// <summary>Called by any thread.</summary>
    /// <exception cref="ChannelClosedException">The desk is closed.</exception>
    public ValueTask SubmitAsync(PendingRequest request, CancellationToken cancellationToken) => _incoming.Writer.WriteAsync(request, cancellationToken);

    /// <summary>Called by any thread: takes no more requests.</summary>
    public void Close() => _incoming.Writer.TryComplete();

    /// <summary>Blocks until there is a request to take.</summary>
    /// <returns>False once the desk is closed and empty.</returns>
    public bool Wait() => _incoming.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Takes the next request into work; none that was cancelled while it waited.</summary>
    public ScheduledRequest? Take()
    {
        while (_incoming.Reader.TryRead(out PendingRequest? pending))
        {
            if (!pending.IsCancelled)
            {
                _inWork.Add(pending.Request, pending);
                return pending.Request;
            }

            pending.Cancel();
        }

        return null;
    }

    /// <summary>Requests in work that nobody waits for any more; they are out of work now.</summary>
    public IReadOnlyList<ScheduledRequest> TakeCancelled()
    {
        PendingRequest[] cancelled = [.. _inWork.Values.Where(pending => pending.IsCancelled)];
        foreach (PendingRequest pending in cancelled)
        {
            _inWork.Remove(pending.Request);
            pending.Cancel();
        }

        return [.. cancelled.Select(pending => pending.Request)];
    }

    /// <summary>Hands out the answers of a request whose prompts all have one.</summary>
    public void Complete(ScheduledRequest request)
    {
        if (_inWork.Remove(request, out PendingRequest? pending))
        {
            pending.Complete();
        }
    }

    public void Fail(ScheduledRequest request, Exception exception)
    {
        if (_inWork.Remove(request, out PendingRequest? pending))
        {
            pending.Fail(exception);
        }
    }

    /// <summary>Fails every request in work.</summary>
    public void FailAll(Exception exception)
    {
        foreach (PendingRequest pending in _inWork.Values)
        {
            pending.Fail(exception);
        }

        _inWork.Clear();
    }
}
