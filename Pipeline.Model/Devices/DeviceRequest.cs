using System.Globalization;

namespace Pipeline.Model.Devices;

/// <summary>What a person wrote: <see cref="ComputeDevices.Syntax"/>.</summary>
/// <param name="Text">As written.</param>
/// <param name="Named">Parts: "auto", "cpu", "cuda", "cuda:N".</param>
internal sealed record DeviceRequest(string Text, IReadOnlyList<string> Named)
{
    public const string Cpu = "cpu", Cuda = "cuda";

    /// <summary>Whether the driver must be asked.</summary>
    public bool MayBeCuda => Named.Any(part => part != Cpu);

    /// <exception cref="DeviceException">It is none.</exception>
    public static DeviceRequest Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.All(IsOne) && (parts is [_] || parts.All(part => part == Cpu || IndexOf(part) is not null))
            ? new DeviceRequest(text, parts)
            : throw new DeviceException($"'{text}' is no device: write {ComputeDevices.Syntax}.");
    }

    /// <returns>N of "cuda:N"; null for others.</returns>
    public static int? IndexOf(string part) =>
        part.StartsWith($"{Cuda}:", StringComparison.Ordinal) && int.TryParse(part.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;

    private static bool IsOne(string part) => part is ComputeDevices.Auto or Cpu or Cuda || IndexOf(part) is not null;
}
