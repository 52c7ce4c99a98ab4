using Hangfire.Dashboard;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>On Hangfire's own page of a shard's job: which job it is of, and how far it got.</summary>
internal static class ShardDetails
{
    public static NonEscapedString Render(JobDetailsRendererDto details)
    {
        if (details.JobDetails.Job is not { } call || call.Type != typeof(IShardJob) || call.Args is not [string jobId, int shard, ..])
        {
            return new NonEscapedString("");
        }

        var status = details.Page.Context.GetHttpContext().RequestServices.GetRequiredService<ShardStore>().Find(jobId, shard);
        return new NonEscapedString($"""
            <div class="pipeline"><h3>Shard {shard} of <a href="{details.Page.Url.To($"{AnnotationJobsPage.Route}/{jobId}")}">{Markup.Text(jobId)}</a></h3>
            <p data-shard="{shard}">{(status is null ? "The job does not have this shard any more." : Markup.Text(ShardGrid.Words(status)))}</p></div>
            """);
    }
}
