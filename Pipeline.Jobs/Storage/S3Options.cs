using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Jobs.Storage;

/// <summary>How to reach S3: the configuration section <c>S3</c>. Not a record, so that printing it never prints a secret.</summary>
public sealed class S3Options
{
    public const string Section = "S3";

    /// <summary>URL of an S3-compatible server, http or https. Default: Amazon's of the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region to sign for. Default: the usual AWS settings; with an endpoint, <c>us-east-1</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Default: the usual AWS chain (environment, profile, role of the pod or machine).</summary>
    public string? AccessKey { get; init; }

    /// <summary>Given exactly if <see cref="AccessKey"/> is.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Put the bucket in the path and not in the host name. Default: true with an endpoint, false without.</summary>
    public bool? ForcePathStyle { get; init; }

    /// <summary>Pay for requests to buckets whose owner does not: default false.</summary>
    public bool RequesterPays { get; init; }

    /// <summary>Downloads that stay below this for <see cref="SlowAfter"/> are taken up on another connection: default 4,096, at least 1.</summary>
    public int MinimumBytesPerSecond { get; init; } = 4_096;

    /// <summary>How long a download may wait in all before it is too slow; what comes at the minimum rate or faster earns it back.</summary>
    internal TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="FormatException">A value cannot be used; the message names the key and the mend, and never a secret.</exception>
    public static S3Options From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var (accessKey, secretKey) = (Text(section, "AccessKey"), Text(section, "SecretKey"));
        return accessKey is null == secretKey is null
            ? new S3Options
            {
                Endpoint = Url(section, "Endpoint"),
                Region = Text(section, "Region"),
                AccessKey = accessKey,
                SecretKey = secretKey,
                ForcePathStyle = Bool(section, "ForcePathStyle"),
                RequesterPays = Bool(section, "RequesterPays") ?? false,
                MinimumBytesPerSecond = Rate(section, "MinimumBytesPerSecond") ?? 4_096,
            }
            : throw new FormatException($"Of {Section}:AccessKey and {Section}:SecretKey only one is set: set both or neither.");
    }

    private static string? Text(IConfigurationSection section, string key) => section[key] is { Length: > 0 } text ? text : null;

    private static Uri? Url(IConfigurationSection section, string key) => Text(section, key) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => url,
        var text => throw new FormatException($"{Section}:{key} is '{text}', which is no http or https URL: write https://host:port."),
    };

    private static int? Rate(IConfigurationSection section, string key) => Text(section, key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 => value,
        var text => throw new FormatException($"{Section}:{key} is '{text}': write a whole number of bytes, at least 1."),
    };

    private static bool? Bool(IConfigurationSection section, string key) => Text(section, key) switch
    {
        null => null,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new FormatException($"{Section}:{key} is '{text}': write true or false."),
    };
}
