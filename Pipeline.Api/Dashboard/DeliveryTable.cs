using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Dashboard;

/// <summary>A job's webhooks and what came of them. Endpoints are named by their ids: an address may hold a token.</summary>
internal static class DeliveryTable
{
    private const int Most = 20;

    /// <param name="deliveries">Newest first.</param>
    /// <param name="resendUrlOf">Of a delivery's id; null where nothing may be asked for.</param>
    public static string Of(IReadOnlyList<WebhookDelivery> deliveries, Func<string, string>? resendUrlOf) => deliveries.Count == 0
        ? ""
        : $"""
          <h2>Webhooks <small>{Markup.Count(Math.Min(Most, deliveries.Count))} of {Markup.Count(deliveries.Count)}</small></h2>
          <div class="table-responsive" tabindex="0" role="region" aria-label="Webhooks"><table class="table pipeline-cards"><thead><tr><th scope="col">Event</th><th scope="col">Endpoint</th><th scope="col">State</th><th scope="col">Last attempt</th><th scope="col"><span class="sr-only">Actions</span></th></tr></thead><tbody>{string.Concat(deliveries.Take(Most).Select(delivery => Row(delivery, resendUrlOf)))}</tbody></table></div>
          """;

    private static string Row(WebhookDelivery delivery, Func<string, string>? resendUrlOf) =>
        $"""
        <tr data-delivery="{Markup.Text(delivery.Id)}">
          <td data-label="Event"><div>{Markup.Text(delivery.Type)}<br><small class="text-muted">{Markup.Time(delivery.CreatedAt)}</small></div></td>
          <td data-label="Endpoint">{Markup.Text(delivery.Endpoint)}</td>
          <td data-label="State"><div><span class="label label-{Colour(delivery.State)}">{delivery.State.ToString().ToLowerInvariant()}</span>{(delivery.Reason is null ? "" : $"<br><small class=\"text-muted\">{Markup.Text(delivery.Reason)}</small>")}</div></td>
          <td data-label="Last attempt"><div>{Last(delivery)}{(delivery.NextAttemptAt is { } next ? $"<br><small class=\"text-muted\">next {Markup.Time(next)}</small>" : "")}</div></td>
          <td>{(resendUrlOf is null ? "" : $"<button class=\"btn btn-sm btn-default\" type=\"button\" data-ajax=\"{resendUrlOf(delivery.Id)}\" data-confirm=\"Send {Markup.Text(delivery.Type)} to {Markup.Text(delivery.Endpoint)} again?\" data-loading-text=\"Resend…\">Resend</button>")}</td>
        </tr>
        """;

    private static string Last(WebhookDelivery delivery) => delivery.Attempts is [.., var last]
        ? $"{Markup.Text(last.Words)} <small class=\"text-muted\">{Markup.Time(last.At)}, {Markup.Count(delivery.Attempts.Count)} in all</small>"
        : "–";

    private static string Colour(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "success",
        DeliveryState.Failed => "danger",
        _ => "primary",
    };
}
