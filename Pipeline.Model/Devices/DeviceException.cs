namespace Pipeline.Model.Devices;

/// <summary>A device that was asked for can't be used here; the message says which, why, and what to do.</summary>
public sealed class DeviceException(string message) : Exception(message);
