using Microsoft.Extensions.Options;
using Pipeline.Model.Devices;
using Pipeline.Model.Engine;

namespace Pipeline.Worker.Devices;

/// <summary>A worker whose device can't be used does not start: it would fail one job after the other.</summary>
internal sealed class DeviceValidator : IValidateOptions<EngineOptions>
{
    public ValidateOptionsResult Validate(string? name, EngineOptions options)
    {
        try
        {
            _ = ComputeDevices.Resolve(options.Device);
            return ValidateOptionsResult.Success;
        }
        catch (DeviceException e)
        {
            return ValidateOptionsResult.Fail($"Engine:Device (--device, PIPELINE_ENGINE__DEVICE): {e.Message}");
        }
    }
}
