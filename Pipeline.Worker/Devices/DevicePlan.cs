using System.Globalization;

namespace Pipeline.Worker.Devices;

/// <summary>A worker process for one device.</summary>
/// <param name="Device">"cpu", "cuda:1": as this process names it.</param>
/// <param name="Visible">CUDA_VISIBLE_DEVICES of that process, which sees no other card; null for a processor.</param>
/// <param name="Urls">Where it answers probes and scrapes.</param>
internal sealed record DevicePlan(string Device, string? Visible, string Urls)
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <summary>As that process names it: its one card is its first.</summary>
    public string OwnDevice => Visible is null ? Device : "cuda:0";

    /// <summary>One for each device but the first, which is this process's own.</summary>
    /// <param name="devices">Resolved.</param>
    /// <param name="visible">CUDA_VISIBLE_DEVICES of this process: indices count among these.</param>
    /// <param name="urls">Where this process listens; null where it is any port.</param>
    public static IReadOnlyList<DevicePlan> Of(IReadOnlyList<string> devices, string? visible, string? urls)
    {
        var cards = string.IsNullOrWhiteSpace(visible) ? null : visible.Split(',', StringSplitOptions.TrimEntries);
        return [.. devices.Skip(1).Select((device, index) => new DevicePlan(device, CardOf(device, cards), UrlOf(urls, index + 1)))];
    }

    private static string? CardOf(string device, string[]? cards)
    {
        if (device.Split(':') is not [_, var number])
        {
            return null;
        }

        return cards is null ? number : cards[int.Parse(number, CultureInfo.InvariantCulture)];
    }

    /// <summary>The first address, some ports on. "http://+:8080" is no URI, so its end is read by hand.</summary>
    private static string UrlOf(string? urls, int offset)
    {
        var first = urls?.Split(';')[0].TrimEnd('/') ?? "";
        var colon = first.LastIndexOf(':');
        return first.StartsWith("http://", StringComparison.Ordinal) && int.TryParse(first.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? $"{first[..colon]}:{port + offset}"
            : AnyPort;
    }
}
