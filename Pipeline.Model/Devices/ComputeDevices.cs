using Pipeline.Model.Native;
using TorchSharp;

namespace Pipeline.Model.Devices;

/// <summary>Where models may run on this machine.</summary>
public static class ComputeDevices
{
    /// <summary>Takes the graphics cards where there are some that libtorch can use, else the processor.</summary>
    public const string Auto = "auto";

    /// <summary>How <c>--device</c> and <c>Engine:Device</c> are written.</summary>
    public const string Syntax = "auto, cpu, cuda (all visible cards), cuda:N (one of them), or several separated by commas";

    /// <summary>The devices that a text names, each to be one process's: "cpu", "cuda:0" and so on.</summary>
    /// <param name="text">See <see cref="Syntax"/>.</param>
    /// <exception cref="DeviceException">The text is none, or what it names can't be used here.</exception>
    public static IReadOnlyList<string> Resolve(string text)
    {
        DeviceRequest request = DeviceRequest.Parse(text);
        return request.MayBeCuda ? Started(DeviceChoice.Of(request, CudaDriver.Ask(), CudaLibtorch.Loaded())) : request.Named;
    }

    /// <summary>Why <see cref="Auto"/> takes the processor although there is a card; null where there is none, or it is taken.</summary>
    public static string? UnusedCard()
    {
        CudaMachine machine = CudaDriver.Ask();
        return machine.Cards is [var first, ..] && CudaLibtorch.Loaded() is null ? $"{first.Name} stays idle: {DeviceChoice.NoCuda}" : null;
    }

    private static IReadOnlyList<string> Started(IReadOnlyList<string> devices)
    {
        TorchRuntime.EnsureLoaded();
        return devices.All(device => device == DeviceRequest.Cpu) || torch.cuda.is_available()
            ? devices
            : throw new DeviceException($"{string.Join(", ", devices)}: driver and libraries are there, and libtorch can't start CUDA on them; its reason is in the process's standard error.");
    }
}
