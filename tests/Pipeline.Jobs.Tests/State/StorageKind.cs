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
    public static async Task<JobStorage> CreateAsync(StorageKind kind, PostgresFixture postgres) =>
        StorageFactory.Create(new ConfigurationBuilder().AddInMemoryCollection(await SettingsAsync(kind, postgres)).Build());

    /// <summary>Configuration of an empty storage.</summary>
    public static async Task<Dictionary<string, string?>> SettingsAsync(StorageKind kind, PostgresFixture postgres)
    {
        if (kind is StorageKind.Memory)
        {
            return new() { ["Storage"] = "memory" };
        }

        var server = await postgres.ServerAsync();
        return new()
        {
            ["Storage"] = "postgres",
            ["ConnectionStrings:Hangfire"] = await server.CreateDatabaseAsync(TestContext.Current.CancellationToken),
        };
    }
}
