using System.Net;
using System.Net.Sockets;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>A TCP proxy that cuts connections in the midst of an answer, as broken networks do, or answers itself.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri target;
    private readonly Task accepting;
    private int cuts;
    private int refusals;

    public CuttingProxy(Uri target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>How much of an answer is let through before the cut.</summary>
    public int CutAfterResponseBytes { get; init; }

    /// <summary>Cuts still to make.</summary>
    public int Cuts { get => cuts; init => cuts = value; }

    /// <summary>Connections still to be answered with a bare 400, as servers do that take the rest of one request for the next.</summary>
    public int Refusals { get => refusals; init => refusals = value; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stop.Token);
                return;
            }

            using var server = new TcpClient();
            await server.ConnectAsync(target.Host, target.Port, stop.Token);
            var sending = client.GetStream().CopyToAsync(server.GetStream(), stop.Token);
            await RelayAnswerAsync(server.GetStream(), client, stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task RelayAnswerAsync(NetworkStream server, TcpClient client, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var relayed = 0;
        while (await server.ReadAsync(buffer, cancellationToken) is var read && read > 0)
        {
            if (relayed + read > CutAfterResponseBytes && Volatile.Read(ref cuts) > 0)
            {
                Interlocked.Decrement(ref cuts);
                // A reset, not an orderly end.
                client.LingerState = new LingerOption(true, 0);
                return;
            }

            await client.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            relayed += read;
        }
    }
}
