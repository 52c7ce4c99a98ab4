using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Jobs;

/// <summary>A job as it changes: its view at once, then whenever it changed, until it has ended.</summary>
internal sealed class JobEvents(JobStore jobs, TimeProvider time)
{
    /// <summary>One statement every two seconds a viewer, however much happens.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Looks without news after which the view is sent again: proxies cut connections on which nothing comes.</summary>
    private const int QuietLooks = 7;

    public async IAsyncEnumerable<SseItem<JobView>> FollowAsync(JobRecord job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = job;
        yield return Item(seen);
        for (var quiet = 0; !seen.IsTerminal; quiet++)
        {
            await Task.Delay(s_look, time, cancellationToken);
            if (jobs.Find(job.Id) is not { } now)
            {
                yield break;
            }

            if (now.State != seen.State || now.Progress != seen.Progress || now.Error != seen.Error || now.Schedule != seen.Schedule || quiet >= QuietLooks)
            {
                quiet = 0;
                yield return Item(now);
            }

            seen = now;
        }
    }

    private static SseItem<JobView> Item(JobRecord job) => new(JobView.Of(job), "job");
}
