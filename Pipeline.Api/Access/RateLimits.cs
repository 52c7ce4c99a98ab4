using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Pipeline.Api.Access;

/// <summary>One busy caller leaves time for the others: a token bucket a caller, and a smaller one for what changes something.</summary>
internal static class RateLimits
{
    public static void AddPipelineRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>>(provider => new ConfigureOptions<RateLimiterOptions>(limiter =>
        {
            var limits = provider.GetRequiredService<IOptions<RateLimitOptions>>().Value;
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(context => Partition(context, limits.RequestsPerSecond, limits)),
                PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.IsChange()
                    ? Partition(context, limits.ChangesPerSecond, limits)
                    : RateLimitPartition.GetNoLimiter("")));
            limiter.OnRejected = RefuseAsync;
        }));
    }

    private static RateLimitPartition<string> Partition(HttpContext context, int perSecond, RateLimitOptions limits)
    {
        if (context.User.Identity?.IsAuthenticated is not true)
        {
            return Bucket($"address {context.Connection.RemoteIpAddress}", limits.StrangersPerSecond, limits);
        }

        var caller = Caller.Of(context.User);
        return caller.Id == Caller.Local.Id ? RateLimitPartition.GetNoLimiter("") : Bucket($"caller {caller.Id}", perSecond, limits);
    }

    private static RateLimitPartition<string> Bucket(string name, int perSecond, RateLimitOptions limits) => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = perSecond * limits.BurstSeconds,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    });

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await rejected.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = rejected.HttpContext,
            ProblemDetails =
            {
                Status = StatusCodes.Status429TooManyRequests,
                Title = "That is too much at once.",
                Detail = $"Wait {wait} s and send it again: nothing was done. Whoever runs the server sets {RateLimitOptions.Section}:RequestsPerSecond and what is beside it.",
            },
        });
    }
}
