using Hangfire;
using Hangfire.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.State;

public sealed class StorageFactoryTests(PostgresFixture postgres)
{
    [Fact]
    public void Without_configuration_the_storage_is_embedded() => Assert.IsType<Hangfire.InMemory.InMemoryStorage>(Create([]));

    [Fact]
    public void An_unknown_storage_is_named()
    {
        var refused = Assert.Throws<StorageException>(() => Create(new() { ["Storage"] = "oracle" }));
        Assert.Contains("\"oracle\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Postgres_needs_a_connection_string()
    {
        var refused = Assert.Throws<StorageException>(() => Create(new() { ["Storage"] = "postgres" }));
        Assert.Contains("PIPELINE_CONNECTIONSTRINGS__HANGFIRE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_not_shown()
    {
        var refused = Assert.Throws<StorageException>(() => Postgres("Host=localhost;Pasword=hunter2-secret"));
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_not_there_is_named_without_the_password()
    {
        var refused = Assert.Throws<StorageException>(
            () => Postgres("Host=127.0.0.1;Port=1;Database=jobs;Username=ann;Password=hunter2-secret;Timeout=2"));
        Assert.Contains("127.0.0.1:1, database \"jobs\", user \"ann\"", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_not_shown()
    {
        var server = await postgres.ServerAsync();
        var refused = Assert.Throws<StorageException>(
            () => Postgres($"Host=127.0.0.1;Port={server.Port};Database=postgres;Username=pipeline;Password=hunter2-secret"));
        Assert.Contains("password authentication failed", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory, EachStorage]
    public async Task A_process_gets_all_its_services(StorageKind kind)
    {
        var settings = await Storages.SettingsAsync(kind, postgres);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPipelineStorage(configuration)
            .AddPipelineSubmission()
            .AddPipelineScheduling()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.NotNull(services.GetRequiredService<JobSubmission>());
        Assert.NotNull(services.GetRequiredService<IPlanJob>());
        Assert.NotNull(services.GetRequiredService<IFinalizeJob>());
        Assert.IsType<ReconcilerProcess>(Assert.Single(services.GetServices<IBackgroundProcess>()));
        services.GetRequiredService<Reconciler>().Step(TestContext.Current.CancellationToken);
        Assert.Same(services.GetRequiredService<JobStorage>(), services.GetRequiredService<IBackgroundJobClientV2>().Storage);
    }

    private static JobStorage Postgres(string connectionString) =>
        Create(new() { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = connectionString });

    private static JobStorage Create(Dictionary<string, string?> settings) =>
        StorageFactory.Create(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
