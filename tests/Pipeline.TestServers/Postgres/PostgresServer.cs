using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Pipeline.TestServers.Postgres;

/// <summary>A private PostgreSQL server in a temporary folder, on a free port, gone when it is disposed or the tests die.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>
    /// PostgreSQL refuses to run as root, so the script may run as another user and makes its own folder. It waits for the end
    /// of its input, which comes also when the tests are killed: no server outlives them. A line kills the server.
    /// </summary>
    private const string Script =
        """
        umask 077
        folder=$(mktemp -d /tmp/pipeline-postgres-XXXXXX) || exit 1
        printf %s "$PGPASSWORD" > "$folder/password"
        "$BIN/initdb" -D "$folder/data" -U pipeline --pwfile="$folder/password" --auth=scram-sha-256 --no-sync -E UTF8 --locale=C > "$folder/initdb.log" 2>&1 \
            || { cat "$folder/initdb.log" >&2; rm -rf "$folder"; exit 1; }
        # A postmaster that was killed comes back, once its last child is gone.
        supervise() {
            while [ ! -e "$folder/stop" ]; do
                "$BIN/postgres" -D "$folder/data" -k "$folder" -h 127.0.0.1 -p "$PORT" \
                    -c fsync=off -c full_page_writes=off -c synchronous_commit="$SYNCHRONOUS" -c shared_buffers=32MB -c max_connections=200 </dev/null &
                echo $! > "$folder/server"
                wait $!
                sleep 0.2
            done
        }
        supervise &
        supervisor=$!
        while read -r _; do
            kill -KILL "$(cat "$folder/server")"
        done
        touch "$folder/stop"
        # TERM also ends a server that is still starting, where the shell had QUIT ignored; QUIT ends one that has clients.
        kill -TERM "$(cat "$folder/server")"
        kill -QUIT "$(cat "$folder/server")"
        wait $supervisor
        rm -rf "$folder"
        """;

    private static readonly TimeSpan s_restart = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly NpgsqlConnectionStringBuilder _admin;
    private readonly bool _survivesKills;
    private int _databases;
    private bool _disposed;

    private PostgresServer(Process process, NpgsqlConnectionStringBuilder admin, bool survivesKills) => (_process, _admin, _survivesKills) = (process, admin, survivesKills);

    /// <summary>The password of the one user; tests look for it where it must not be.</summary>
    public string Password => _admin.Password!;

    public int Port => _admin.Port;

    public static Task<PostgresServer> StartAsync(CancellationToken cancellationToken = default) => StartAsync(survivesKills: false, cancellationToken);

    /// <param name="survivesKills">What it has committed is there after <see cref="KillAsync"/>; slower.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    public static async Task<PostgresServer> StartAsync(bool survivesKills, CancellationToken cancellationToken)
    {
        var bin = PostgresInstallation.BinFolder();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var port = FreePort();
        var start = PostgresInstallation.AsUnprivilegedUser("/bin/sh", "-c", Script);
        start.Environment["BIN"] = bin;
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["PGPASSWORD"] = password;
        start.Environment["SYNCHRONOUS"] = survivesKills ? "on" : "off";
        start.Environment["LC_ALL"] = "C";
        (start.RedirectStandardInput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, "/tmp");

        var process = Process.Start(start) ?? throw new InvalidOperationException("PostgreSQL did not start.");
        await WaitUntilReadyAsync(process, cancellationToken);
        return new PostgresServer(process, new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "pipeline",
            Password = password,
            Database = "postgres",
        }, survivesKills);
    }

    /// <summary>Creates an empty database and returns its connection string. A server that was just killed is waited for.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // A name of its own for each attempt: the answer to the last may have been lost.
            var name = $"test_{Interlocked.Increment(ref _databases)}";
            try
            {
                await using var connection = new NpgsqlConnection(_admin.ConnectionString);
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
                return new NpgsqlConnectionStringBuilder(_admin.ConnectionString) { Database = name }.ConnectionString;
            }
            catch (NpgsqlException e) when (_survivesKills && (e.IsTransient || e is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown }))
            {
                await Task.Delay(s_restart, cancellationToken);
            }
        }
    }

    /// <summary>SIGKILL: clients lose their connections. It starts again on its data at once, as a supervised server does.</summary>
    public async Task KillAsync()
    {
        await _process.StandardInput.WriteLineAsync("kill");
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        NpgsqlConnection.ClearAllPools();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task WaitUntilReadyAsync(Process process, CancellationToken cancellationToken)
    {
        var log = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            switch (line.Data)
            {
                case null:
                    ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start: {string.Join(Environment.NewLine, log)}"));
                    break;
                case var text when text.Contains("ready to accept connections", StringComparison.Ordinal):
                    ready.TrySetResult();
                    break;
                case var text when !ready.Task.IsCompleted:
                    log.Enqueue(text);
                    break;
            }
        };
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
