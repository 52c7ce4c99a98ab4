using Pipeline.Cli.Client;
using Pipeline.Jobs.State;
using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>Shows a job's progress until it ends: a bar that redraws itself in a terminal, a line every few seconds elsewhere.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="api">Of the server that has the job.</param>
/// <param name="look">Time between looks, each of which is a statement on the server's database.</param>
/// <param name="time">Of the looks.</param>
internal sealed class JobFollower(Terminal terminal, ApiClient api, TimeSpan look, TimeProvider time)
{
    /// <summary>For the server of this process, which keeps its jobs in memory.</summary>
    public static readonly TimeSpan Near = TimeSpan.FromMilliseconds(500);

    /// <summary>For a server that many may watch.</summary>
    public static readonly TimeSpan Far = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    /// <summary>The job in its terminal state.</summary>
    public Task<JobView> FollowAsync(JobView job, CancellationToken cancellationToken) =>
        terminal.IsLive ? FollowLiveAsync(job, cancellationToken) : FollowPlainAsync(job, cancellationToken);

    private Task<JobView> FollowLiveAsync(JobView job, CancellationToken cancellationToken)
    {
        var gauge = new SpeedGauge(time);
        return terminal.Out.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new JobColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Words.State(job.State), new ProgressTaskSettings { MaxValue = 1 });
                return await LookAsync(
                    job,
                    seen =>
                    {
                        bar.Description = Words.State(seen.State);
                        bar.IsIndeterminate = seen.Images.Total is null && !seen.State.IsTerminal();
                        bar.MaxValue = Math.Max(1, seen.Images.Total ?? 1);
                        bar.Value = seen.Images.Done;
                        bar.Tag = new JobSpeed(seen, gauge.Read(seen));
                    },
                    cancellationToken);
            });
    }

    private Task<JobView> FollowPlainAsync(JobView job, CancellationToken cancellationToken)
    {
        var gauge = new SpeedGauge(time);
        JobState? lastState = null;
        var lastLine = 0L;
        return LookAsync(
            job,
            seen =>
            {
                var (rate, left) = gauge.Read(seen);
                if (seen.State != lastState || time.GetElapsedTime(lastLine) >= s_line)
                {
                    (lastState, lastLine) = (seen.State, time.GetTimestamp());
                    terminal.Line(seen.State is JobState.InProgress
                        ? $"{Words.State(seen.State)}: {Words.Images(seen)}, {Words.Rate(rate)}, {Words.Left(seen, left)}"
                        : $"{Words.State(seen.State)}");
                }
            },
            cancellationToken);
    }

    private async Task<JobView> LookAsync(JobView job, Action<JobView> show, CancellationToken cancellationToken)
    {
        show(job);
        while (!job.State.IsTerminal())
        {
            await Task.Delay(look, time, cancellationToken);
            job = await api.GetAsync(job.Id, cancellationToken);
            show(job);
        }

        return job;
    }
}
