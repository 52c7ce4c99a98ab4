using Npgsql;

namespace Pipeline.Cli.Benchmarks;

/// <summary>PostgreSQL's own counts of what is done to it.</summary>
internal sealed class BenchDatabase(string connectionString)
{
    /// <summary>Statements are counted where the server loads <c>pg_stat_statements</c>.</summary>
    public async Task<DatabaseCounts> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return new DatabaseCounts(
            await ScalarAsync(connection, "SELECT pg_database_size(current_database())", cancellationToken),
            await ScalarAsync(connection, "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()", cancellationToken),
            await CountsStatementsAsync(connection, cancellationToken)
                ? await ScalarAsync(connection, "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements", cancellationToken)
                : null);
    }

    private static async Task<bool> CountsStatementsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
            await ScalarAsync(connection, "SELECT count(*) FROM pg_stat_statements", cancellationToken);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>Counts at one moment.</summary>
/// <param name="Bytes">Size of the database.</param>
/// <param name="Transactions">Since the database is there.</param>
/// <param name="Statements">Of all clients; null where the server does not count them.</param>
internal sealed record DatabaseCounts(long Bytes, long Transactions, long? Statements);
