using Npgsql;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// Decides in PostgreSQL who creates an object, for stores that ignore conditional writes: the first row of a URI wins, and whoever sees it writes the
/// winner's content, so that a process that dies or stalls in between changes nothing.
/// </summary>
/// <remarks>An object that a person deleted can be created anew. Losing the database loses nothing: what is in the store counts.</remarks>
/// <param name="connectionString">Of the database.</param>
/// <param name="makesTable">Makes the schema <c>pipeline</c> when it is first needed; otherwise it is there already, and this user may not be allowed to.</param>
public sealed class CreateLedger(string connectionString, bool makesTable = true) : IAsyncDisposable
{
    /// <summary>Of a row without content the object was written.</summary>
    private const string MakeTable = """
        SELECT pg_advisory_xact_lock(7246137);
        CREATE SCHEMA IF NOT EXISTS pipeline;
        CREATE TABLE IF NOT EXISTS pipeline.created (uri text PRIMARY KEY, id uuid NOT NULL, content bytea);
        """;

    private const string Claim = """
        INSERT INTO pipeline.created AS row (uri, id, content) VALUES ($1, $2, $3)
        ON CONFLICT (uri) DO UPDATE SET id = excluded.id, content = excluded.content WHERE row.content IS NULL AND row.id = $4
        """;

    private const string Look = "SELECT id, content FROM pipeline.created WHERE uri = $1";
    private const string Done = "UPDATE pipeline.created SET content = NULL WHERE uri = $1 AND id = $2";

    private readonly Lazy<NpgsqlDataSource> database = new(() => NpgsqlDataSource.Create(connectionString));
    private volatile bool isMade = !makesTable;

    /// <summary>As <see cref="IObjectStore.TryCreateAsync"/>.</summary>
    /// <exception cref="ObjectStoreException">The store refuses, or the database cannot be used.</exception>
    public async Task<bool> TryCreateAsync(IObjectStore store, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            if (!isMade)
            {
                await MakeTableAsync(cancellationToken);
            }

            return await DecideAsync(store, key, content.ToArray(), cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new ObjectStoreException(
                exception.IsTransient ? ObjectStoreFault.Unavailable : ObjectStoreFault.Rejected,
                store.UriOf(key),
                $"PostgreSQL, which decides who writes '{store.UriOf(key)}', cannot be used: {exception.Message.TrimEnd('.')}. "
                + "Check that it runs and that ConnectionStrings:Hangfire is right.",
                exception);
        }
    }

    /// <summary>Makes the table if it is not there.</summary>
    public async Task MakeTableAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(MakeTable, [], cancellationToken);
        isMade = true;
    }

    public ValueTask DisposeAsync() => database.IsValueCreated ? database.Value.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<bool> DecideAsync(IObjectStore store, string key, byte[] content, CancellationToken cancellationToken)
    {
        var (uri, mine) = (store.UriOf(key), Guid.NewGuid());
        while (true)
        {
            // In this order: an object that was written before the look, and is not there, was deleted to have it made anew.
            var written = await FindAsync(uri, cancellationToken) is { Content: null } row ? row.Id : Guid.Empty;
            if (await store.FindAsync(key, cancellationToken) is not null)
            {
                return false;
            }

            await ExecuteAsync(Claim, [uri, mine, content, written], cancellationToken);
            switch (await FindAsync(uri, cancellationToken))
            {
                case (var winner, { } winning):
                    await store.PutAsync(key, new MemoryStream(winning), cancellationToken);
                    await ExecuteAsync(Done, [uri, winner], cancellationToken);
                    return winner == mine;
                case (var winner, null) when winner == mine:
                    // One that lost was faster to write it.
                    return true;
            }
        }
    }

    /// <summary>Who was first, and what is to be written; no content once it is.</summary>
    private async Task<(Guid Id, byte[]? Content)?> FindAsync(string uri, CancellationToken cancellationToken)
    {
        await using var command = Command(Look, [uri]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetGuid(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetFieldValue<byte[]>(1))
            : null;
    }

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = database.Value.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
