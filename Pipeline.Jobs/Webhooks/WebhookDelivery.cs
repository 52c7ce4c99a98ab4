using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Webhooks;

/// <summary>One event on its way to one endpoint, and what came of it.</summary>
public sealed record WebhookDelivery
{
    public required string Id { get; init; }

    /// <summary>The header <c>webhook-id</c>, the same on every attempt and when it is sent again.</summary>
    public required string Event { get; init; }

    /// <summary>"job.completed".</summary>
    public required string Type { get; init; }

    /// <summary>Id of the endpoint.</summary>
    public required string Endpoint { get; init; }

    public required DeliveryState State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null unless an attempt failed and another is to come.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Why no attempt was made, or none is to come; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Oldest first; of many, the last <see cref="MostAttempts"/>.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    internal const int MostAttempts = 25;
}

/// <summary>One request to a receiver.</summary>
/// <param name="At">When it was begun.</param>
/// <param name="Milliseconds">Until it was answered or given up.</param>
/// <param name="Status">Of the answer; null without one.</param>
/// <param name="Error">Why there was none; null otherwise.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, long Milliseconds, int? Status, string? Error)
{
    [JsonIgnore]
    public bool Succeeded => Status is >= 200 and < 300;

    [JsonIgnore]
    public string Words => Error ?? $"The receiver answered {Status}.";
}

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>To be sent, or to be tried again.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver answered with a 2xx status.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>Nothing is tried any more; it can be sent again.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>Deliveries of a job, newest first: the body of <c>GET /v1/jobs/{id}/deliveries</c>.</summary>
public sealed record DeliveryPage(IReadOnlyList<WebhookDelivery> Deliveries, int Total, int? NextOffset);

/// <summary>A delivery as the storage holds it.</summary>
/// <param name="Delivery">What people see.</param>
/// <param name="Tries">Attempts since it was sent, or sent again.</param>
/// <param name="Ticket">The Hangfire job that delivers; "" until one has taken it up. Another one that finds itself here does nothing.</param>
internal sealed record StoredDelivery(WebhookDelivery Delivery, int Tries, string Ticket);
