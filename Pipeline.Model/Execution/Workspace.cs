using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Buffers for the big results of products, kept from step to step: mapping and faulting in fresh memory costs as much as a small product.</summary>
/// <remarks>A buffer's content is good until the same name is taken again.</remarks>
internal sealed class Workspace(ScalarType type, Device device) : IDisposable
{
    private readonly Dictionary<string, Tensor> _buffers = [];

    /// <returns>A view <c>[rows, columns]</c> of the buffer, with whatever was in it; belongs to the caller's dispose scope.</returns>
    public Tensor Take(string name, long rows, long columns)
    {
        long needed = rows * columns;
        if (!_buffers.TryGetValue(name, out Tensor? buffer) || buffer.numel() < needed)
        {
            _buffers.Remove(name);
            buffer?.Dispose();
            _buffers[name] = buffer = empty([needed], type, device).DetachFromDisposeScope();
        }

        using Tensor part = buffer.narrow(0, 0, needed);
        return part.view(rows, columns);
    }

    public void Dispose()
    {
        foreach (Tensor buffer in _buffers.Values)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
