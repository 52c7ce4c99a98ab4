using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>Several workers and an API with two jobs under way at any time, and somebody who kills them and their servers at random.</summary>
internal sealed class Soak(CrashRun run, CrashServers servers, int seed) : IAsyncDisposable
{
    public const int Images = 40;

    private const int ShardSize = 4, Workers = 3, JobsAtOnce = 2;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<string, JobSpec> _jobs = [];
    private readonly ConcurrentDictionary<string, JobState> _ended = [];
    private readonly Dictionary<string, ShardCommit> _commits = [];
    private readonly Dictionary<string, int> _kills = [];
    private readonly List<(string Job, int Shard, int Attempt, long Since)> _interrupted = [];
    private readonly List<TimeSpan> _recoveries = [];
    private (PipelineProcess Process, Uri Jobs)? _api;
    private TimeSpan _longestPause;
    private long _lastCommit;

    /// <summary>What must not be.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = _lastCommit = _time.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(duration + s_patience);
        var killing = KillAsync(start, duration, over.Token);
        while (_time.GetElapsedTime(start) < duration || _ended.Count < _jobs.Count)
        {
            while (run.Workers.Count < Workers)
            {
                run.StartWorker();
            }

            if (_time.GetElapsedTime(start) < duration && _jobs.Count - _ended.Count < JobsAtOnce)
            {
                await SubmitAsync(over.Token);
            }

            Look();
            await RememberCommitsAsync(over.Token);
            await Task.Delay(s_look, over.Token);
        }

        await killing;
    }

    /// <summary>Proves every dataset, and says what was seen.</summary>
    public async Task<string> ReportAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (rows, shards, failed) = (0L, 0, 0L);
        foreach (var (id, spec) in _jobs)
        {
            Expect(_ended[id] is JobState.Completed or JobState.CompletedWithErrors, $"{id} ended as {_ended[id]}.");
            await RememberCommitsAsync(id, spec, cancellationToken);
            var proof = await new DatasetCheck(run.Open(spec.Output)).RunAsync(cancellationToken);
            Expect(proof.Rows == Images && proof.Files == Images / ShardSize, $"{id} has {proof.Rows} rows in {proof.Files} files.");
            foreach (var fault in proof.Faults)
            {
                Faults.Enqueue($"{id}: {fault}");
            }

            (rows, shards, failed) = (rows + proof.Rows, shards + proof.Files, failed + proof.FailedRows);
        }

        _recoveries.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Random kills

            {duration.TotalMinutes:0.#} minutes, {Workers} worker processes and an API on PostgreSQL and Ceph's S3 gateway, two jobs of {Images} images in shards of {ShardSize} under way at any time, seed {seed};
            SIGKILL at random, every 3 to 12 seconds, to {string.Join(", ", _kills.OrderByDescending(kill => kill.Value).Select(kill => $"{kill.Key} ({kill.Value})"))}.

            | | |
            |---|---|
            | jobs, all completed | {_jobs.Count} |
            | shards committed, each once | {shards} |
            | rows, each planned image once | {rows} |
            | of these `worker_crashed`: the killed worker had just this image alone | {failed} |
            | shards whose worker was killed | {_recoveries.Count + _interrupted.Count} |
            | until such a shard was worked on again: median, longest (s) | {Shown(0.5)}, {Shown(1)} |
            | longest time without any commit (s) | {_longestPause.TotalSeconds:0.0} |
            | faults found by `check` and by comparing all commits | {Faults.Count} |

            """);

        string Shown(double quantile) => _recoveries.Count == 0 ? "–" : _recoveries[(int)((_recoveries.Count - 1) * quantile)].TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is var (api, _))
        {
            await api.DisposeAsync();
        }
    }

    private async Task KillAsync(long start, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + (random.NextDouble() * 9)), cancellationToken);
            if (_time.GetElapsedTime(start) > duration)
            {
                return;
            }

            var (name, kill) = random.Next(10) switch
            {
                0 => ("PostgreSQL", servers.Postgres.KillAsync),
                1 => ("the S3 server", servers.S3.KillAsync),
                2 => ("the API", () => _api?.Process.KillAsync() ?? Task.CompletedTask),
                _ => ("workers", (Func<Task>)(() => KillWorkerAsync(random))),
            };
            await kill();
            _kills[name] = _kills.GetValueOrDefault(name) + 1;
        }
    }

    private async Task KillWorkerAsync(Random random)
    {
        var workers = run.Workers;
        if (workers.Count == 0)
        {
            return;
        }

        var victim = workers[random.Next(workers.Count)];
        await victim.KillAsync();
        lock (_interrupted)
        {
            _interrupted.AddRange(
                from job in Open()
                from shard in run.StatusesOf(job)
                where shard.Phase is ShardPhase.Running && shard.Worker == $"{Environment.MachineName}:{victim.Id}"
                select (job, shard.Shard, shard.Attempt, _time.GetTimestamp()));
        }
    }

    private async Task SubmitAsync(CancellationToken cancellationToken)
    {
        var number = _jobs.Count;
        var spec = run.Spec with
        {
            Source = run.Spec.Source.Replace("/images", "/soak", StringComparison.Ordinal),
            Output = $"{run.Spec.Output}/{number:d4}",
            ShardSize = ShardSize,
        };
        if (_api is not var (api, jobs) || api.HasExited)
        {
            try
            {
                (api, jobs) = await run.StartApiAsync();
                _api = (api, jobs);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // It was killed, or its database, while it started: the next round tries again.
                return;
            }
        }

        using var client = new HttpClient();
        try
        {
            using var answer = await client.PostAsync(jobs, CrashRun.Body(spec), cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                _jobs.Add(JsonNode.Parse(text)!["id"]!.GetValue<string>(), spec);
            }
            else
            {
                Expect(answer.StatusCode >= HttpStatusCode.InternalServerError, $"A submission was refused: {(int)answer.StatusCode} {text}");
            }
        }
        catch (HttpRequestException)
        {
            // Killed; who got no answer submits again.
        }
    }

    private List<string> Open() => [.. _jobs.Keys.Where(id => !_ended.ContainsKey(id))];

    private void Look()
    {
        foreach (var id in Open())
        {
            var shards = run.StatusesOf(id);
            lock (_interrupted)
            {
                foreach (var wait in _interrupted.Where(wait => wait.Job == id).ToList())
                {
                    if (shards.FirstOrDefault(shard => shard.Shard == wait.Shard) is { } now && (now.Attempt > wait.Attempt || now.Phase is ShardPhase.Committed))
                    {
                        _interrupted.Remove(wait);
                        _recoveries.Add(_time.GetElapsedTime(wait.Since));
                    }
                }
            }

            if (run.Find(id) is { IsTerminal: true } job)
            {
                _ended[id] = job.State;
            }
        }
    }

    /// <summary>A commit that was there once stays what it is.</summary>
    private async Task RememberCommitsAsync(string id, JobSpec spec, CancellationToken cancellationToken)
    {
        await foreach (var commit in new CommitLog(run.Open(spec.Output)).ListAsync(cancellationToken))
        {
            if (_commits.TryAdd($"{id}/{commit.Shard}", commit))
            {
                var pause = _time.GetElapsedTime(_lastCommit);
                _longestPause = pause > _longestPause ? pause : _longestPause;
                _lastCommit = _time.GetTimestamp();
            }
            else
            {
                var first = _commits[$"{id}/{commit.Shard}"];
                Expect((first.Sha256, first.Attempt, first.StagedFile) == (commit.Sha256, commit.Attempt, commit.StagedFile), $"Shard {commit.Shard} of {id} was committed twice.");
            }
        }
    }

    private async Task RememberCommitsAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, spec) in _jobs.Where(job => !_ended.ContainsKey(job.Key)).ToList())
        {
            try
            {
                await RememberCommitsAsync(id, spec, cancellationToken);
            }
            catch (Exception e) when (CrashRun.IsOfServers(e))
            {
                return;
            }
        }
    }

    private void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            Faults.Enqueue(fault);
        }
    }
}
