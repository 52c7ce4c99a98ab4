using Pipeline.TestServers.Postgres;

[assembly: AssemblyFixture(typeof(Pipeline.Jobs.Tests.State.PostgresFixture))]

namespace Pipeline.Jobs.Tests.State;

/// <summary>One PostgreSQL server for all tests of the project; started by the first that asks.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync());

    public Task<PostgresServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
