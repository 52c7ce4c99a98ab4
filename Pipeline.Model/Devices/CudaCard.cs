namespace Pipeline.Model.Devices;

/// <summary>A graphics card as its driver describes it.</summary>
/// <param name="Index">Among the visible ones, as in <c>cuda:N</c>.</param>
/// <param name="Name">The maker's.</param>
/// <param name="Capability">Compute capability.</param>
/// <param name="TotalBytes">Of its memory.</param>
internal sealed record CudaCard(int Index, string Name, Version Capability, long TotalBytes);
