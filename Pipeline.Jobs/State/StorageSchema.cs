using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.State;

/// <summary>
/// The tables in PostgreSQL: Hangfire's in the schema <c>hangfire</c>, this product's own in <c>pipeline</c>. Every process makes what is missing when it starts,
/// unless <c>PrepareSchema</c> is false: then its user needs no right to make tables, and <see cref="MakeAsync"/> ran before.
/// </summary>
public static class StorageSchema
{
    private const string Key = "PrepareSchema";

    /// <summary>Of a transaction, so that it also holds behind a pooler that hands connections around.</summary>
    private const string Lock = "BEGIN; SELECT pg_advisory_xact_lock(7246138)";

    /// <summary>Seconds: many processes may start at once, and an upgrade of big tables takes its time.</summary>
    private const int Patience = 300;

    /// <summary>Makes or upgrades all tables. May run again, and while other processes work.</summary>
    /// <exception cref="StorageException">The storage is not PostgreSQL, or cannot be used; the message says what to mend.</exception>
    public static async Task MakeAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (StorageFactory.ConnectionString(configuration) is not { } connection)
        {
            throw new StorageException(
                "Only PostgreSQL has tables to prepare: set PIPELINE_STORAGE to \"postgres\" and the connection string in PIPELINE_CONNECTIONSTRINGS__HANGFIRE.");
        }

        StorageFactory.PostgresWithSchema(configuration);
        await using var ledger = new CreateLedger(connection);
        try
        {
            await ledger.MakeTableAsync(cancellationToken);
        }
        catch (Exception e) when (e.GetBaseException() is NpgsqlException or SocketException or TimeoutException)
        {
            throw new StorageException($"The tables cannot be made: {e.GetBaseException().Message}. The user needs the right to create schemas in the database.", e);
        }
    }

    internal static bool IsMadeAtStart(IConfiguration configuration) => configuration[Key] switch
    {
        null or "" => true,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new StorageException($"{Key} is \"{text}\" (PIPELINE_PREPARESCHEMA): write true or false."),
    };

    /// <summary>Waits until no other process makes tables in the database, and keeps others waiting until it is disposed, or the process dies.</summary>
    internal static NpgsqlConnection Alone(NpgsqlConnectionStringBuilder settings)
    {
        // A connection of its own, so that closing it ends the transaction and the lock with it.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand(Lock, connection) { CommandTimeout = Patience };
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="StorageException">Nobody has made the tables.</exception>
    internal static void ThrowIfMissing(NpgsqlConnectionStringBuilder settings)
    {
        using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT to_regclass('hangfire.schema') IS NOT NULL AND to_regclass('pipeline.created') IS NOT NULL", connection);
        if (command.ExecuteScalar() is not true)
        {
            throw new StorageException(
                $"The database \"{settings.Database}\" at {settings.Host}:{settings.Port} lacks this program's tables, and PrepareSchema is false: "
                + "run \"Pipeline.Api prepare-schema\" once with a user that may create schemas.");
        }
    }
}
