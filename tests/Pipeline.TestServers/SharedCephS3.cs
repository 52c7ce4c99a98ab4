namespace Pipeline.TestServers;

/// <summary>
/// One S3 server for all tests of an assembly (<c>[assembly: AssemblyFixture(typeof(SharedCephS3))]</c>), started by the first test that
/// asks for it. Where it cannot start, every test that needs it fails.
/// </summary>
public sealed class SharedCephS3 : IAsyncDisposable
{
    private readonly Lazy<Task<CephS3Server>> server = new(() => CephS3Server.StartAsync(CancellationToken.None));

    public Task<CephS3Server> StartedAsync() => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
