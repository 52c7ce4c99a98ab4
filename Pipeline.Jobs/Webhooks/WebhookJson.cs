using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Webhooks;

/// <summary>The JSON of webhooks, for the API and its receivers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WebhookEvent))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(WebhookDelivery))]
public sealed partial class WebhookJson : JsonSerializerContext;

/// <summary>What only the storage sees.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WebhookEndpoint))]
[JsonSerializable(typeof(StoredDelivery))]
internal sealed partial class StoredWebhookJson : JsonSerializerContext;
