using System.Net.Sockets;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Pipeline.Jobs.State;

/// <summary>Opens the storage that the configuration names.</summary>
internal static class StorageFactory
{
    private const string StorageKey = "Storage";
    private const string ConnectionKey = "Hangfire";

    /// <param name="configuration">Names it.</param>
    /// <param name="queuePoll">How often its servers look for new Hangfire jobs; null: <see cref="StorageTimings.QueuePoll"/>.</param>
    /// <exception cref="StorageException">The configuration is wrong, or the database cannot be reached.</exception>
    public static JobStorage Create(IConfiguration configuration, TimeSpan? queuePoll = null) => configuration[StorageKey] switch
    {
        null or "" or "memory" => new InMemoryStorage(),
        "postgres" => Postgres(configuration.GetConnectionString(ConnectionKey), StorageSchema.IsMadeAtStart(configuration), queuePoll ?? StorageTimings.QueuePoll),
        var other => throw new StorageException(
            $"Storage is \"{other}\" (PIPELINE_STORAGE): use \"memory\" for one process, or \"postgres\" with ConnectionStrings:Hangfire."),
    };

    /// <summary>Of PostgreSQL, or null with other storage; as it stands, wrong or not.</summary>
    public static string? ConnectionString(IConfiguration configuration) =>
        configuration[StorageKey] == "postgres" && configuration.GetConnectionString(ConnectionKey) is { Length: > 0 } text ? text : null;

    /// <summary>PostgreSQL with its tables, made if they are not there.</summary>
    /// <exception cref="StorageException">The configuration is wrong, or the database cannot be reached.</exception>
    public static PostgreSqlStorage PostgresWithSchema(IConfiguration configuration) => Postgres(configuration.GetConnectionString(ConnectionKey), makeSchema: true, StorageTimings.QueuePoll);

    private static PostgreSqlStorage Postgres(string? text, bool makeSchema, TimeSpan queuePoll)
    {
        var connection = Parse(text);
        var options = new PostgreSqlStorageOptions
        {
            InvisibilityTimeout = StorageTimings.Invisibility,
            UseSlidingInvisibilityTimeout = true,
            QueuePollInterval = queuePoll,
            DistributedLockTimeout = StorageTimings.LockExpiry,
            JobExpirationCheckInterval = TimeSpan.FromMinutes(10),
            // A process without its storage does nothing useful: it says so and ends, and whoever supervises it tries again.
            AllowDegradedModeWithoutStorage = false,
            StartupConnectionMaxRetries = 0,
            PrepareSchemaIfNecessary = makeSchema,
        };
        try
        {
            if (!makeSchema)
            {
                StorageSchema.ThrowIfMissing(connection);
            }

            // Hangfire's installer fails where two make the same tables at once.
            using var alone = makeSchema ? StorageSchema.Alone(connection) : null;
            // Nothing here leaves a setting in its session, and resetting it would be half of all statements.
            var pooled = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { NoResetOnClose = true };
            return new PostgreSqlStorage(new NpgsqlConnectionFactory(pooled.ConnectionString, options), options);
        }
        catch (Exception e) when (e.GetBaseException() is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            // The cause's message names host, user or database, never the password.
            throw new StorageException(
                $"PostgreSQL at {connection.Host}:{connection.Port}, database \"{connection.Database}\", user \"{connection.Username}\", "
                + $"cannot be used: {e.GetBaseException().Message}. Check that the server runs and that ConnectionStrings:Hangfire is right.",
                e);
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string? text)
    {
        const string form = "write Host=…;Port=5432;Database=…;Username=…;Password=… in ConnectionStrings:Hangfire "
            + "(PIPELINE_CONNECTIONSTRINGS__HANGFIRE).";
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new StorageException($"Storage is \"postgres\", but no connection string is given: {form}");
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The cause is left out: its message can hold a piece of the string, and so of the password.
            throw new StorageException($"The connection string of PostgreSQL cannot be read: {form}");
        }
    }
}
