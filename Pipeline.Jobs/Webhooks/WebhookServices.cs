using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Webhooks;

public static class WebhookServices
{
    /// <summary>Adds endpoints, the delivery log, and a Hangfire server of its own that delivers: what receivers take to answer delays nothing else. Needs <c>AddPipelineStorage</c>.</summary>
    public static IServiceCollection AddPipelineWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookDispatcher>();
        services.AddTransient<IWebhookJob, WebhookJob>();
        services.AddSingleton<IHostedService>(provider => HangfireServers.Create(
            provider, [Queues.Webhooks], provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Concurrency, [provider.GetRequiredService<WebhookDispatcher>()], StorageTimings.SeldomPoll));
        return services;
    }
}
