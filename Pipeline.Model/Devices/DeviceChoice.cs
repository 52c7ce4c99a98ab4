namespace Pipeline.Model.Devices;

/// <summary>From what was asked for and what is there to the devices to use. Pure: tests need no card.</summary>
internal static class DeviceChoice
{
    public const string NoCuda =
        "this build's libtorch computes on the CPU alone. Build with -p:TorchBackend=cuda (the worker's image with --build-arg TORCH_BACKEND=cuda)";

    /// <exception cref="DeviceException">A card was asked for, and can't be used.</exception>
    public static IReadOnlyList<string> Of(DeviceRequest request, CudaMachine machine, CudaLibtorch? libtorch)
    {
        string? fault = FaultOf(machine, libtorch);
        if (request.Named is [ComputeDevices.Auto])
        {
            // Where card and libtorch are there and don't fit, computing on the processor instead, a hundred times slower, would look like working.
            return libtorch is null || machine.Cards.Count == 0 ? [DeviceRequest.Cpu] : fault is null ? All(machine) : throw Unusable(request, fault);
        }

        if (fault is not null)
        {
            throw Unusable(request, fault);
        }

        foreach (string part in request.Named)
        {
            if (DeviceRequest.IndexOf(part) is { } index && index >= machine.Cards.Count)
            {
                throw Unusable(request, $"only {machine.Cards.Count} card(s) are visible: take {string.Join(", ", All(machine))}");
            }
        }

        return request.Named is [DeviceRequest.Cuda] ? All(machine) : request.Named;
    }

    private static string? FaultOf(CudaMachine machine, CudaLibtorch? libtorch) => (machine, libtorch) switch
    {
        ({ Fault: { } fault }, _) => fault,
        (_, null) => NoCuda,
        ({ Cards: [] }, _) => "the driver describes none of its cards: look at nvidia-smi",
        ({ Cuda.Major: var driver }, { RuntimeMajor: { } built }) when driver < built =>
            $"the driver runs CUDA {machine.Cuda} at most, and libtorch is built for CUDA {built}: update the driver",
        _ => null,
    };

    private static string[] All(CudaMachine machine) => [.. machine.Cards.Select(card => $"{DeviceRequest.Cuda}:{card.Index}")];

    private static DeviceException Unusable(DeviceRequest request, string fault) => new($"Device '{request.Text}' can't be used: {fault}. To compute on the processor, take cpu.");
}
