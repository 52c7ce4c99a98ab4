using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Scheduling;
using Pipeline.Model.Engine;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Models;

/// <summary>
/// The one model in memory. Shards borrow it; a shard of another model waits until all have given it back, and those that
/// ask later wait behind it, so that neither of two jobs starves the other.
/// </summary>
internal sealed class EngineHost(ModelLoader load, ILogger<EngineHost> logger) : IAsyncDisposable
{
    /// <summary>Lets one caller at a time look at the model and change it, in the order in which they came.</summary>
    private readonly SemaphoreSlim _turnstile = new(1);
    private readonly Lock _counting = new();
    private LoadedModel? _model;
    private int _borrowers;
    private TaskCompletionSource _idle = Idle();

    /// <summary>Whether borrowing the model of a folder displaces no other.</summary>
    public bool IsAtHand(string folder) => _model is not { } model || model.Folder == folder;

    /// <summary>Borrows the model of a folder, loading it if it is not the one in memory.</summary>
    /// <param name="folder">Checkpoint folder.</param>
    /// <param name="revision">What the job was planned with: all rows of a dataset come from the same weights.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="PermanentJobException">The folder can't be loaded, or holds something else than was planned with.</exception>
    public async Task<ModelLease> BorrowAsync(string folder, string revision, CancellationToken cancellationToken)
    {
        using var span = ShardTrace.BeginModel();
        await _turnstile.WaitAsync(cancellationToken);
        try
        {
            if (_model is null || _model.Folder != folder || _model.Revision != revision)
            {
                await ReplaceAsync(folder, revision, cancellationToken);
            }

            lock (_counting)
            {
                if (_borrowers++ == 0)
                {
                    _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            return new ModelLease(_model!.Annotator, GiveBack);
        }
        finally
        {
            _turnstile.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_model is { } model)
        {
            _model = null;
            await model.Annotator.DisposeAsync();
        }

        _turnstile.Dispose();
    }

    private async Task ReplaceAsync(string folder, string revision, CancellationToken cancellationToken)
    {
        await _idle.Task.WaitAsync(cancellationToken);
        if (_model is { } old)
        {
            _model = null;
            await old.Annotator.DisposeAsync();
            Log.ModelUnloaded(logger, old.Folder);
        }

        var model = await LoadAsync(folder, cancellationToken);
        _model = model;
        Log.ModelLoaded(logger, folder, model.Revision, model.Annotator.Numerics, model.Annotator.Device, model.Annotator.MaxNumSeqs);
        if (model.Revision != revision)
        {
            throw new PermanentJobException(
                $"The model in '{folder}' is not the one that the job was planned with (revision {model.Revision[..12]}, planned {revision[..12]}): "
                + "put the planned files back and submit the job again, or submit it with another output.");
        }
    }

    private async Task<LoadedModel> LoadAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await load(folder, cancellationToken);
        }
        catch (ModelLoadException e)
        {
            throw new PermanentJobException(e.Message, e);
        }
    }

    private void GiveBack()
    {
        lock (_counting)
        {
            if (--_borrowers == 0)
            {
                _idle.SetResult();
            }
        }
    }

    private static TaskCompletionSource Idle()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        idle.SetResult();
        return idle;
    }
}
