using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Scheduling;

public static class SchedulingServices
{
    /// <summary>Adds <see cref="JobSubmission"/>: what a process needs to take jobs in.</summary>
    public static IServiceCollection AddPipelineSubmission(this IServiceCollection services)
    {
        services.TryAddSingleton<JobSpecValidator>();
        services.TryAddSingleton<IdempotencyKeys>();
        services.TryAddSingleton<FailedRowsRetry>();
        services.TryAddSingleton<DryRun>();
        services.TryAddSingleton<JobSubmission>();
        return services;
    }

    /// <summary>
    /// Adds planning and finalizing, and the reconciler as a Hangfire background process: what a process needs to move jobs
    /// on, besides an <c>IShardJob</c>. <c>AddHangfireServer</c> picks the process up by itself.
    /// </summary>
    public static IServiceCollection AddPipelineScheduling(this IServiceCollection services, SchedulingOptions? options = null)
    {
        services.TryAddSingleton(options ?? new SchedulingOptions());
        services.AddTransient<IPlanJob, PlanJob>();
        services.AddTransient<IFinalizeJob, FinalizeJob>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<IBackgroundProcess, ReconcilerProcess>();
        return services;
    }
}
