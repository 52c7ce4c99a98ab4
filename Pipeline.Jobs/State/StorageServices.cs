using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.State;

public static class StorageServices
{
    /// <summary>Opens the storage and judges all settings before the host starts, which would write a stack trace for each that is wrong.</summary>
    /// <exception cref="StorageException">The storage can't be used.</exception>
    /// <exception cref="OptionsValidationException">A setting can't be.</exception>
    public static void AssertUsable(this IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        services.GetRequiredService<JobStorage>();
    }

    /// <summary>
    /// Adds Hangfire's storage as configured (<c>Storage</c>: "memory" or "postgres" with <c>ConnectionStrings:Hangfire</c>),
    /// Hangfire's client, <see cref="JobStore"/>, <see cref="JobControl"/>, <see cref="ShardStore"/> and <see cref="CommittedRows"/> on it, and the object stores (<c>S3</c>). Every
    /// process needs it.
    /// </summary>
    /// <remarks>The storage is opened when it is first asked for, at the start of the host, and throws <see cref="StorageException"/>.</remarks>
    /// <param name="services">Of the host.</param>
    /// <param name="configuration">Names the storage.</param>
    /// <param name="queuePoll">How often the host's Hangfire servers look for new jobs; null: <see cref="StorageTimings.QueuePoll"/>.</param>
    public static IServiceCollection AddPipelineStorage(this IServiceCollection services, IConfiguration configuration, TimeSpan? queuePoll = null)
    {
        services.TryAddSingleton(TimeProvider.System);

        // Ours in place of Hangfire's process-wide statics, so that two hosts in one process do not share them.
        services.AddSingleton(_ => StorageFactory.Create(configuration, queuePoll));
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<IJobFilterProvider>(_ => JobFilters.Create());
        services.AddHangfire((provider, hangfire) => hangfire
            .UseLogProvider(new HangfireLogs(provider.GetRequiredService<ILoggerFactory>()))
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());

        if (StorageFactory.ConnectionString(configuration) is { } connection)
        {
            services.AddSingleton(_ => new CreateLedger(connection, StorageSchema.IsMadeAtStart(configuration)));
            services.AddSingleton(_ => new JobRows(connection));
        }

        services.AddObjectStores(configuration);
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobControl>();
        services.AddSingleton<ShardStore>();
        services.AddSingleton<CommittedRows>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<TenantStore>();
        services.AddSingleton<TenantQuota>();
        return services;
    }
}
