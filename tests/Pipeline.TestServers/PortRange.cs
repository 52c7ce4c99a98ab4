using System.Net;
using System.Net.Sockets;

namespace Pipeline.TestServers;

/// <summary>
/// A hundred loopback ports that no other test run on this machine uses: the range is reserved by a lock on a file, which goes
/// with the process. Below 32768, so that no outgoing connection takes one of them.
/// </summary>
internal sealed class PortRange : IDisposable
{
    private const int First = 20_000, Size = 100, Ranges = 120;

    private readonly FileStream reservation;

    private PortRange(FileStream reservation, int start) => (this.reservation, Start) = (reservation, start);

    public int Start { get; }

    public static PortRange Reserve()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "pipeline-test-ports")).FullName;
        foreach (var start in Enumerable.Range(0, Ranges).Select(i => First + (i * Size)))
        {
            if (TryReserve(Path.Combine(folder, start.ToString()), start) is { } range)
            {
                return range;
            }
        }

        throw new InvalidOperationException($"None of {Ranges} ranges of {Size} ports from {First} on is free: end other test runs.");
    }

    public void Dispose() => reservation.Dispose();

    private static PortRange? TryReserve(string file, int start)
    {
        FileStream reservation;
        try
        {
            reservation = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (Enumerable.Range(start, Size).All(IsFree))
        {
            return new PortRange(reservation, start);
        }

        reservation.Dispose();
        return null;
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
