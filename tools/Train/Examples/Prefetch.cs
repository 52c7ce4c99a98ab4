using System.Collections.Concurrent;

namespace Train.Examples;

/// <summary>Makes batches ahead of their use on a thread of its own, in order.</summary>
/// <typeparam name="T">A batch.</typeparam>
internal sealed class Prefetch<T> : IDisposable
{
    private const int Ahead = 4;

    private readonly BlockingCollection<T> _ready = new(Ahead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;

    /// <param name="create">Makes batch number n.</param>
    /// <param name="first">The first n.</param>
    public Prefetch(Func<long, T> create, long first)
    {
        _thread = new Thread(() => Fill(create, first)) { IsBackground = true, Name = "batches" };
        _thread.Start();
    }

    public T Next(CancellationToken cancellationToken)
    {
        try
        {
            return _ready.Take(cancellationToken);
        }
        catch (InvalidOperationException) when (_failure is not null)
        {
            throw new InvalidOperationException($"A batch could not be made: {_failure.Message}", _failure);
        }
    }

    private void Fill(Func<long, T> create, long first)
    {
        try
        {
            for (var number = first; ; number++)
            {
                _ready.Add(create(number), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            _failure = e;
            _ready.CompleteAdding();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _ready.Dispose();
        _stop.Dispose();
    }
}
