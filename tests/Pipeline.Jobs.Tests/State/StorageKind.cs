using Hangfire;
using Microsoft.Extensions.Configuration;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.State;

/// <summary>The two storages that everything must work on alike.</summary>
public enum StorageKind
{
    Memory,
    Postgres,
}

internal static class Storages
{
    /// <summary>An empty storage, made from configuration as a process makes it.</summary>
    public static async Task<JobStorage> CreateAsync(StorageKind kind, PostgresFixture postgres)
    {
        var settings = new Dictionary<string, string?> { ["Storage"] = kind is StorageKind.Memory ? "memory" : "postgres" };
        if (kind is StorageKind.Postgres)
        {
            settings["ConnectionStrings:Hangfire"] = await (await postgres.ServerAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken);
        }

        return StorageFactory.Create(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }
}
