namespace Pipeline.Model.Devices;

/// <summary>What the NVIDIA driver of this machine says.</summary>
internal sealed record CudaMachine
{
    /// <summary>Why there is no card to be used; null where there is at least one.</summary>
    public string? Fault { get; init; }

    /// <summary>The newest CUDA that the driver runs; null without a driver.</summary>
    public Version? Cuda { get; init; }

    /// <summary>Visible cards, by index.</summary>
    public IReadOnlyList<CudaCard> Cards { get; init; } = [];
}
