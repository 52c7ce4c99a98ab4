using System.Text;
using Amazon.S3.Model;
using Microsoft.AspNetCore.Http;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.State;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>Who is first to create an object, on servers that heed conditions and on servers that do not.</summary>
public sealed class S3CreationTests(SharedCephS3 shared, PostgresFixture postgres) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> opened = [];
    private CephS3Server server = null!;
    private string bucket = "";
    private string database = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await shared.StartedAsync();
        bucket = await server.CreateBucketAsync(Stop);
        database = await (await postgres.ServerAsync()).CreateDatabaseAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in opened)
        {
            await disposable.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_that_heeds_conditions_is_probed_once_and_PostgreSQL_is_not_asked()
    {
        var proxy = await ProxyAsync(FaultyProxy.StartAsync(server.Endpoint, Stop));
        var store = Open(proxy, new CreateLedger("Host=127.0.0.1;Port=1;Database=none"));

        Assert.True(await store.TryCreateAsync("a", "first"u8.ToArray(), Stop));
        var before = proxy.Requests;
        Assert.True(await store.TryCreateAsync("b", "first"u8.ToArray(), Stop));
        Assert.False(await store.TryCreateAsync("b", "second"u8.ToArray(), Stop));

        Assert.Equal(2, proxy.Requests - before);
        Assert.Equal(["a", "b"], await store.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_server_that_ignores_conditions_is_refused_without_PostgreSQL_and_nothing_is_written()
    {
        var store = Open(await ProxyAsync(server.StartWithoutConditionsAsync(Stop)), ledger: null);

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => store.TryCreateAsync("commit", "mine"u8.ToArray(), Stop));

        Assert.Equal(ObjectStoreFault.Rejected, refused.Fault);
        Assert.Contains("PIPELINE_STORAGE=postgres", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ListAsync("", Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_server_that_refuses_conditions_is_taken_for_one_that_ignores_them()
    {
        var proxy = await ProxyAsync(FaultyProxy.StartAsync(server.Endpoint, Stop));
        proxy.FaultOf = request => request.Headers.IfNoneMatch == "*" ? new ProxyFault.Refuse(501, "NotImplemented") : null;
        var store = Open(proxy, new CreateLedger(database));

        Assert.True(await store.TryCreateAsync("commit", "mine"u8.ToArray(), Stop));
        Assert.False(await store.TryCreateAsync("commit", "late"u8.ToArray(), Stop));
        Assert.Equal("mine", await ReadAsync("commit"));
    }

    [Fact]
    public async Task With_PostgreSQL_of_eight_processes_that_create_an_object_one_wins_and_its_content_stays()
    {
        var proxy = await ProxyAsync(server.StartWithoutConditionsAsync(Stop));
        var stores = Enumerable.Range(0, 8).Select(_ => Open(proxy, new CreateLedger(database))).ToList();
        for (var round = 0; round < 5; round++)
        {
            var key = $"commits/{round}.json";

            var won = await Task.WhenAll(stores.Select((store, writer) => store.TryCreateAsync(key, Encoding.UTF8.GetBytes($"writer {writer}"), Stop)));

            Assert.Single(won, true);
            Assert.Equal($"writer {Array.IndexOf(won, true)}", await ReadAsync(key));
            Assert.False(await stores[round].TryCreateAsync(key, "late"u8.ToArray(), Stop));
        }
    }

    [Fact]
    public async Task What_a_process_decided_before_it_died_is_written_by_the_next()
    {
        var proxy = await ProxyAsync(server.StartWithoutConditionsAsync(Stop));
        var (dying, next) = (Open(proxy, new CreateLedger(database)), Open(proxy, new CreateLedger(database)));
        Assert.True(await dying.TryCreateAsync("warm up", "x"u8.ToArray(), Stop));
        proxy.FaultOf = request => request.Method == HttpMethods.Put ? new ProxyFault.Refuse(400, "Dead") : null;
        await Assert.ThrowsAsync<ObjectStoreException>(() => dying.TryCreateAsync("commit", "of the dead"u8.ToArray(), Stop));
        proxy.FaultOf = _ => null;
        Assert.Null(await next.FindAsync("commit", Stop));

        // The probe of the next process finds conditions heeded now, so it is asked behind its back.
        await using var ledger = new CreateLedger(database);
        Assert.False(await ledger.TryCreateAsync(next, "commit", "of the next"u8.ToArray(), Stop));

        Assert.Equal("of the dead", await ReadAsync("commit"));
    }

    [Fact]
    public async Task What_a_person_deleted_can_be_created_anew()
    {
        var store = Open(await ProxyAsync(server.StartWithoutConditionsAsync(Stop)), new CreateLedger(database));
        Assert.True(await store.TryCreateAsync("commit", "old"u8.ToArray(), Stop));
        await store.DeleteAsync("commit", Stop);

        Assert.True(await store.TryCreateAsync("commit", "new"u8.ToArray(), Stop));

        Assert.Equal("new", await ReadAsync("commit"));
    }

    [Fact]
    public async Task What_is_in_the_store_counts_also_after_the_database_was_lost()
    {
        var proxy = await ProxyAsync(server.StartWithoutConditionsAsync(Stop));
        Assert.True(await Open(proxy, new CreateLedger(database)).TryCreateAsync("commit", "mine"u8.ToArray(), Stop));
        var fresh = new CreateLedger(await (await postgres.ServerAsync()).CreateDatabaseAsync(Stop));

        Assert.False(await Open(proxy, fresh).TryCreateAsync("commit", "late"u8.ToArray(), Stop));

        Assert.Equal("mine", await ReadAsync("commit"));
    }

    [Fact]
    public async Task A_database_that_is_down_is_worth_another_try_and_named_without_its_password()
    {
        var proxy = await ProxyAsync(server.StartWithoutConditionsAsync(Stop));
        var store = Open(proxy, new CreateLedger("Host=127.0.0.1;Port=1;Database=none;Username=me;Password=hush"));

        var down = await Assert.ThrowsAsync<ObjectStoreException>(() => store.TryCreateAsync("commit", "mine"u8.ToArray(), Stop));

        Assert.True(down.IsTransient);
        Assert.Contains("ConnectionStrings:Hangfire", down.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", down.ToString(), StringComparison.Ordinal);
    }

    private async Task<FaultyProxy> ProxyAsync(Task<FaultyProxy> starting)
    {
        var proxy = await starting;
        opened.Add(proxy);
        return proxy;
    }

    private async Task<string> ReadAsync(string key)
    {
        using var client = server.CreateClient();
        using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = $"prefix/{key}" }, Stop);
        using var reader = new StreamReader(response.ResponseStream);
        return await reader.ReadToEndAsync(Stop);
    }

    private IObjectStore Open(FaultyProxy proxy, CreateLedger? ledger)
    {
        var stores = new ObjectStores(new S3Options { Endpoint = proxy.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey }, new ImmediateTime(), ledger);
        opened.Add(new Both(stores, ledger));
        return stores.Open($"s3://{bucket}/prefix");
    }

    private sealed class Both(ObjectStores stores, CreateLedger? ledger) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            stores.Dispose();
            return ledger?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }
}
