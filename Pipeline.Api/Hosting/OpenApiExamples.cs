using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Hosting;

/// <summary>Bodies as they are sent and answered, written by the code that writes them.</summary>
internal static class OpenApiExamples
{
    private const string Json = "application/json";

    private static readonly JobSpec s_spec = new()
    {
        Source = "s3://photos/2026",
        Output = "s3://datasets/photos-2026",
        Model = "/models/Llama-3.1-8B-Dragonfly-v2",
        Caption = "Describe this image in one sentence.",
        Questions =
        [
            new Question { Id = "person", Text = "Is there a person?", Kind = QuestionKind.YesNo },
            new Question { Id = "weather", Text = "What is the weather like?", Kind = QuestionKind.Choice, Choices = ["sunny", "cloudy", "rainy", "indoors"] },
        ],
    };

    public static void AddTo(OpenApiOperation operation)
    {
        JsonNode? asked = operation.OperationId switch
        {
            "SubmitJob" or "DryRun" => Node(JobSpecJson.Write(s_spec)),
            "ChangeSchedule" => Node("""{ "priority": 8, "max_concurrent_shards": 4 }"""),
            "CreateWebhook" => Node("""{ "url": "https://hooks.example.com/pipeline", "events": ["job.completed", "job.completed_with_errors", "job.failed"] }"""),
            "ChangeWebhook" => Node("""{ "enabled": true }"""),
            _ => null,
        };
        if (asked is not null && operation.RequestBody?.Content?.TryGetValue(Json, out var request) is true)
        {
            request.Example = asked;
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status is "200" or "201" or "202" && response.Content?.TryGetValue(Json, out var answer) is true && Answer(operation.OperationId) is { } body)
            {
                answer.Example = body;
            }
        }
    }

    private static JsonNode? Answer(string? operation)
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var job = JobView.Of(new JobRecord
        {
            Id = "job-3f9a0c51d27e4b68",
            Spec = s_spec,
            State = JobState.InProgress,
            CreatedAt = now.AddMinutes(-21),
            EnteredAt = new Dictionary<JobState, DateTimeOffset> { [JobState.Planning] = now.AddMinutes(-21), [JobState.InProgress] = now.AddMinutes(-20) },
            ImagesTotal = 100_000,
            ShardsTotal = 100,
            Progress = new JobProgress
            {
                ImagesDone = 24_000,
                ImagesFailed = 31,
                Failures = new Dictionary<string, long> { ["truncated_image"] = 24, ["not_an_image"] = 7 },
                ShardsCommitted = 22,
                ShardsRunning = 4,
                Samples = [new(now.AddMinutes(-1), 22_800), new(now, 24_000)],
            },
        }) with
        { EtaSeconds = 3_800, EtaSecondsLow = 3_300, EtaSecondsHigh = 4_700 };
        var shard = new ShardStatus { Shard = 0, Phase = ShardPhase.Committed, Rows = 1_000, Done = 1_000, FailedRows = 2, Attempt = 1, Worker = "gpu-1:4711", UpdatedAt = now };
        var webhook = new WebhookView { Id = "whk_4be0c1d2a9f3", Url = "https://hooks.example.com/pipeline", Events = ["job.completed"], Enabled = true, CreatedAt = now };
        var delivery = new WebhookDelivery
        {
            Id = "msg_019cb0a1f3-whk_4be0c1d2a9f3",
            Event = "msg_019cb0a1f3",
            Type = "job.completed",
            Endpoint = webhook.Id,
            State = DeliveryState.Delivered,
            CreatedAt = now,
            Attempts = [new(now, 5_012, null, "Connection refused (hooks.example.com:443)"), new(now.AddSeconds(5), 84, 204, null)],
        };
        return operation switch
        {
            "CreateWebhook" or "RotateWebhookSecret" =>
                Node(JsonSerializer.Serialize(webhook with { Secret = "whsec_…" }, WebhookJson.Default.WebhookView)),
            "GetWebhook" or "ChangeWebhook" => Node(JsonSerializer.Serialize(webhook, WebhookJson.Default.WebhookView)),
            "ListWebhooks" => Node(JsonSerializer.Serialize(new WebhookList([webhook]), WebhookJson.Default.WebhookList)),
            "ListDeliveries" => Node(JsonSerializer.Serialize(new DeliveryPage([delivery], 1, null), WebhookJson.Default.DeliveryPage)),
            "SubmitJob" or "GetJob" or "CancelJob" or "PauseJob" or "ResumeJob" or "ChangeSchedule" => Node(JsonSerializer.Serialize(job, JobJson.Default.JobView)),
            "ListJobs" => Node(JsonSerializer.Serialize(new JobPage([job], 1, null), JobJson.Default.JobPage)),
            "ListShards" => Node(JsonSerializer.Serialize(new ShardPage([shard], 100, 1), JobJson.Default.ShardPage)),
            "ListFailures" => Node(JsonSerializer.Serialize(
                new FailurePage([new FailedRow("cat.jpg", "s3://photos/2026/cat.jpg", 0, "truncated_image", "The image breaks off before its end.")], 31, 1), JobJson.Default.FailurePage)),
            _ => null,
        };
    }

    private static JsonNode? Node(string json) => JsonNode.Parse(json);
}
