using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Pipeline.Jobs.Webhooks;

/// <summary>How webhooks are sent: the configuration section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Hosts, as <c>host</c> or <c>host:port</c>, that may lie inside this network and be called without TLS: default none.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>How long a receiver may take to answer, in seconds: 1 to 60, default 20.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>Requests at a time in this process: 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
