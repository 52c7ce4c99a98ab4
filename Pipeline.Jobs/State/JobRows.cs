using Npgsql;

namespace Pipeline.Jobs.State;

/// <summary>Reads many jobs from Hangfire's tables in PostgreSQL with one statement, where its storage interface takes one for each.</summary>
public sealed class JobRows(string connectionString) : IAsyncDisposable
{
    private const string Sets = "SELECT key, value FROM hangfire.set WHERE key = ANY ($1) ORDER BY score, value";
    private const string Hashes = "SELECT key, field, value FROM hangfire.hash WHERE key = ANY ($1)";

    /// <summary>Jobs a statement: a few megabytes.</summary>
    private const int Most = 1_000;

    private readonly Lazy<NpgsqlDataSource> _database = new(() => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true }));

    /// <summary>Ids of all jobs, oldest first, and of those that are not in a terminal state.</summary>
    internal (IReadOnlyList<string> All, HashSet<string> Active) Ids()
    {
        var (all, active) = (new List<string>(), new HashSet<string>());
        using var command = Command(Sets, [JobKeys.All, JobKeys.Active]);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (reader.GetString(0) == JobKeys.All)
            {
                all.Add(reader.GetString(1));
            }
            else
            {
                active.Add(reader.GetString(1));
            }
        }

        return (all, active);
    }

    /// <summary>The jobs that the storage knows of these.</summary>
    internal IEnumerable<JobRecord> Find(IReadOnlyList<string> jobIds) => jobIds.Chunk(Most).SelectMany(ids =>
        Read(ids).Select(job => JobFields.Read(job.Key, job.Value)));

    public ValueTask DisposeAsync() => _database.IsValueCreated ? _database.Value.DisposeAsync() : ValueTask.CompletedTask;

    private Dictionary<string, Dictionary<string, string>> Read(IReadOnlyList<string> jobIds)
    {
        var jobs = jobIds.ToDictionary(JobKeys.Job);
        var found = new Dictionary<string, Dictionary<string, string>>();
        using var command = Command(Hashes, [.. jobs.Keys]);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var id = jobs[reader.GetString(0)];
            found.TryAdd(id, []);
            found[id][reader.GetString(1)] = reader.IsDBNull(2) ? "" : reader.GetString(2);
        }

        return found;
    }

    private NpgsqlCommand Command(string sql, string[] keys)
    {
        var command = _database.Value.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = keys });
        return command;
    }
}
