using Hangfire;
using Hangfire.Common;

namespace Pipeline.Jobs.Scheduling;

/// <summary>The filters that every Hangfire job here passes.</summary>
internal static class JobFilters
{
    public static JobFilterProviderCollection Create() =>
        [
            new JobFilterCollection { new RetryFilter(), new StatisticsHistoryAttribute() },
            // Brings [Queue] and [JobDisplayName] of HangfireJobs.cs.
            new JobFilterAttributeFilterProvider(),
        ];
}
