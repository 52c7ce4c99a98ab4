using System.Text.Json;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Commands;

/// <summary>How the client verbs show a job.</summary>
internal static class JobOutput
{
    /// <summary>Shows the job as it is, or follows it to its end.</summary>
    public static async Task<int> ShowAsync(
        Terminal terminal, ApiClient api, JobView job, bool watch, bool json, CancellationToken cancellationToken)
    {
        if (watch && !json)
        {
            terminal.Line(job.Id);
        }

        if (watch)
        {
            var follower = new JobFollower(json ? Terminal.Silent : terminal, api, JobFollower.Far, TimeProvider.System);
            job = await follower.FollowAsync(job, cancellationToken);
        }

        if (json)
        {
            terminal.Line(JsonSerializer.Serialize(job, JobJson.Default.JobView));
        }
        else
        {
            Show(terminal, job);
        }

        return watch ? JobReport.ExitCodeOf(terminal, job) : ExitCode.Success;
    }

    private static string Asked(JobView job) => job switch
    {
        { CancelRequested: true } when !job.State.IsTerminal() => " (cancel was asked for)",
        { PauseRequested: true, State: JobState.Planning or JobState.InProgress } => " (pause was asked for)",
        _ => "",
    };

    private static void Show(Terminal terminal, JobView job)
    {
        terminal.Line($"job     {job.Id}");
        terminal.Line($"state   {Words.State(job.State)}{Asked(job)}");
        terminal.Line($"images  {Words.Images(job)}, {Words.Count(job.Images.Failed)} failed");
        foreach (var (code, count) in job.Failures)
        {
            terminal.Line($"        {Words.Count(count)} {code}");
        }

        terminal.Line($"shards  {Words.Count(job.Shards.Committed)} of {(job.Shards.Total is { } total ? Words.Count(total) : "?")} committed, {job.Shards.Running} running");
        if (!job.State.IsTerminal())
        {
            terminal.Line($"speed   {Words.Rate(job.ImagesPerSecond)}, {Words.Left(job, job.EtaSeconds)}");
        }

        terminal.Line($"source  {job.Spec.Source}");
        terminal.Line($"output  {job.Spec.Output}");
        if (job.Error is { } error)
        {
            terminal.Line($"error   {error}");
        }
    }
}
