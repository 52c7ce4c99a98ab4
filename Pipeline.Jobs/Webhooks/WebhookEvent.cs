using System.Text.Json;
using Hangfire.Storage;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Webhooks;

/// <summary>A job has entered a state: the body of a webhook.</summary>
/// <param name="Type">"job." and the state.</param>
/// <param name="Timestamp">Of the change.</param>
/// <param name="Data">The job as it was then.</param>
public sealed record WebhookEvent(string Type, DateTimeOffset Timestamp, WebhookJobData Data)
{
    /// <summary>All types, in the order of a job's life.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. Enum.GetValues<JobState>().Select(TypeOf)];

    private static string TypeOf(JobState state) => $"job.{JobJson.NameOf(state)}";

    /// <summary>
    /// Writes the change down in the transaction that makes it, so that neither is there without the other: whoever delivers finds it, whatever dies in between.
    /// </summary>
    internal static void Record(IWriteOnlyTransaction transaction, JobRecord job, DateTimeOffset now)
    {
        var change = new WebhookEvent(TypeOf(job.State), now, new WebhookJobData
        {
            JobId = job.Id,
            State = job.State,
            Run = job.Run,
            DatasetVersion = job.Version,
            Output = job.Spec.Output,
            Images = JobView.Of(job).Images,
            Error = job.Error,
        });
        var id = $"msg_{Guid.CreateVersion7(now):N}";
        transaction.SetRangeInHash(JobKeys.Events(job.Id), [new(id, JsonSerializer.Serialize(change, WebhookJson.Default.WebhookEvent))]);
        transaction.AddToSet(JobKeys.Outbox, $"{job.Id}/{id}", now.ToUnixTimeMilliseconds());
    }
}

/// <summary>What a webhook says of its job; <c>GET /v1/jobs/{id}</c> says all.</summary>
public sealed record WebhookJobData
{
    public required string JobId { get; init; }
    public required JobState State { get; init; }
    public required int Run { get; init; }
    public required int DatasetVersion { get; init; }
    public required string Output { get; init; }
    public required ImageCounts Images { get; init; }

    /// <summary>Why the job failed; left out otherwise.</summary>
    public string? Error { get; init; }
}
