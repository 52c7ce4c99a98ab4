namespace Pipeline.Worker.Models;

/// <summary>A borrowed model. Disposing gives it back.</summary>
internal sealed class ModelLease(IAnnotator annotator, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    public IAnnotator Annotator { get; } = annotator;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
