using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.State;

public sealed class StorageSchemaTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_without_the_right_to_make_tables_works_on_those_that_were_made_before()
    {
        var (owner, user) = await UsersAsync();

        var refused = Assert.Throws<StorageException>(() => StorageFactory.Create(Configuration(user, "false")));
        Assert.Contains("prepare-schema", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("limited-secret", refused.ToString(), StringComparison.Ordinal);

        await StorageSchema.MakeAsync(Configuration(owner), Token);
        await StorageSchema.MakeAsync(Configuration(owner), Token);
        await ExecuteAsync(owner, $"""
            GRANT USAGE ON SCHEMA hangfire, pipeline TO {Name(user)};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA hangfire, pipeline TO {Name(user)};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA hangfire TO {Name(user)};
            """);

        var storage = StorageFactory.Create(Configuration(user, "false"));
        var ticket = new BackgroundJobClient(storage).Create(Job.FromExpression<IPlanJob>(plan => plan.RunAsync("j", default)), new EnqueuedState(Queues.Control));
        using (var connection = storage.GetConnection())
        using (var fetched = connection.FetchNextJob([Queues.Control], Token))
        {
            Assert.Equal(ticket, fetched.JobId);
            fetched.RemoveFromQueue();
        }

        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var ledger = new CreateLedger(user.ConnectionString, makesTable: false);
            Assert.True(await ledger.TryCreateAsync(new LocalObjectStore(folder.FullName), "a", "text"u8.ToArray(), Token));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Processes_that_start_at_once_on_an_empty_database_make_its_tables_once()
    {
        var server = await postgres.ServerAsync();
        for (var round = 0; round < 3; round++)
        {
            var configuration = Configuration(new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(Token)));
            using var together = new Barrier(6);
            var storages = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(Token);
                    return StorageFactory.Create(configuration);
                },
                Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.All(storages, storage => Assert.Empty(storage.GetMonitoringApi().Servers()));
        }
    }

    [Fact]
    public async Task Who_may_not_make_tables_is_told_so()
    {
        var (_, user) = await UsersAsync();
        var refused = await Assert.ThrowsAsync<StorageException>(() => StorageSchema.MakeAsync(Configuration(user), Token));
        Assert.Contains("permission denied", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_in_memory_has_no_tables()
    {
        var refused = await Assert.ThrowsAsync<StorageException>(() => StorageSchema.MakeAsync(new ConfigurationBuilder().Build(), Token));
        Assert.Contains("PIPELINE_STORAGE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_neither_true_nor_false_is_named()
    {
        var (owner, _) = await UsersAsync();
        var refused = Assert.Throws<StorageException>(() => StorageFactory.Create(Configuration(owner, "sometimes")));
        Assert.Contains("\"sometimes\" (PIPELINE_PREPARESCHEMA)", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The owner of a fresh database, and a user that may only connect to it.</summary>
    private async Task<(NpgsqlConnectionStringBuilder Owner, NpgsqlConnectionStringBuilder User)> UsersAsync()
    {
        var owner = new NpgsqlConnectionStringBuilder(await (await postgres.ServerAsync()).CreateDatabaseAsync(Token));
        var user = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = $"limited_{Guid.NewGuid():n}", Password = "limited-secret" };
        await ExecuteAsync(owner, $"CREATE ROLE {Name(user)} LOGIN PASSWORD 'limited-secret'");
        return (owner, user);
    }

    private static string Name(NpgsqlConnectionStringBuilder user) => user.Username!;

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder who, string sql)
    {
        await using var source = NpgsqlDataSource.Create(who.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static IConfiguration Configuration(NpgsqlConnectionStringBuilder who, string? prepare = null) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage"] = "postgres",
            ["ConnectionStrings:Hangfire"] = who.ConnectionString,
            ["PrepareSchema"] = prepare,
        })
        .Build();
}
