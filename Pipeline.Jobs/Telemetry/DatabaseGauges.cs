using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Telemetry;

/// <summary>Publishes the size of the job database and how much of it is dead rows: a database that nobody vacuums makes every look slower. One statement a half minute.</summary>
internal sealed class DatabaseGauges : BackgroundService
{
    private const string Query = """
        SELECT relname, pg_total_relation_size(relid), n_live_tup, n_dead_tup
        FROM pg_stat_user_tables WHERE schemaname IN ('hangfire', 'pipeline')
        """;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    private readonly string? _connection;
    private readonly TimeProvider _time;
    private readonly ILogger<DatabaseGauges> _logger;
    private volatile IReadOnlyList<TableSize> _tables = [];

    public DatabaseGauges(IConfiguration configuration, IMeterFactory meters, TimeProvider time, ILogger<DatabaseGauges> logger)
    {
        (_connection, _time, _logger) = (StorageFactory.ConnectionString(configuration), time, logger);
        var meter = meters.Create(TelemetryNames.Jobs);
        meter.CreateObservableGauge("pipeline.database.size", () => _tables.Select(table => Of(table, table.Bytes)), "By", "Bytes of a table with its indexes.");
        meter.CreateObservableGauge("pipeline.database.rows.live", () => _tables.Select(table => Of(table, table.Live)), "{row}", "Rows of a table, estimated.");
        meter.CreateObservableGauge("pipeline.database.rows.dead", () => _tables.Select(table => Of(table, table.Dead)), "{row}", "Rows that wait for vacuum, estimated.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_connection is null)
        {
            return;
        }

        await using var database = NpgsqlDataSource.Create(_connection);
        using var timer = new PeriodicTimer(s_interval, _time);
        do
        {
            try
            {
                _tables = await LookAsync(database, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _tables = [];
                Log.LookFailed(_logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<IReadOnlyList<TableSize>> LookAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<TableSize>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return tables;
    }

    private static Measurement<long> Of(TableSize table, long value) => new(value, new KeyValuePair<string, object?>(TelemetryNames.Table, table.Name));

    private sealed record TableSize(string Name, long Bytes, long Live, long Dead);
}
