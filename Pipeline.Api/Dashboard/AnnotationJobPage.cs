using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hangfire.Dashboard;
using Microsoft.Extensions.Caching.Memory;
using Pipeline.Api.Access;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Dashboard;

/// <summary>The dashboard's page of one job. Regions marked live are fetched again by the page itself.</summary>
internal sealed class AnnotationJobPage(string jobId) : RazorPage
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(1);

    public override void Execute()
    {
        Layout = LivePage.LayoutOf(Context.GetHttpContext(), jobId);
        var services = Context.GetHttpContext().RequestServices;
        if (services.GetRequiredService<JobLooks>().Find(jobId) is not var (record, shards, tickets, deliveries)
            || !Caller.Of(Context.GetHttpContext().User).Sees(record.Tenant))
        {
            Context.Response.StatusCode = StatusCodes.Status404NotFound;
            WriteLiteral($"<div class=\"alert alert-warning\">There is no job {Markup.Text(jobId)}. <a href=\"{Url.To(AnnotationJobsPage.Route)}\">{AnnotationJobsPage.Title}</a></div>");
            return;
        }

        var job = JobView.Of(record);
        WriteLiteral($"""
            <div class="row pipeline"><div class="col-md-12" data-job="{Markup.Text(job.Id)}">
            <ol class="breadcrumb"><li><a href="{Url.To(AnnotationJobsPage.Route)}">{AnnotationJobsPage.Title}</a></li><li class="active">{Markup.Text(job.Id)}</li></ol>
            <h1 class="page-header">{Markup.Text(job.Id)} <span data-live="state">{Markup.Badge(job.State)}</span></h1>
            <div class="pipeline-actions" data-live="actions">{(IsReadOnly ? "" : JobButtons.Of(job, action => Url.To($"{AnnotationJobsPage.Route}/{job.Id}/{action}")))}</div>
            <div data-live="progress">{(job.Error is null ? "" : $"<div class=\"alert alert-danger\">{Markup.Text(job.Error)}</div>")}{Numbers(job)}</div>
            <div class="row">
              <section class="col-md-6"><h2>Speed</h2><div data-live="speed">{JobCharts.Speed(record.Progress.Pace)}</div></section>
              <section class="col-md-6"><h2>Shards worked on</h2><div data-live="running">{JobCharts.Running(record.Progress.Pace)}</div></section>
            </div>
            <section><h2>Shards</h2><div data-live="shards">{ShardGrid.Of(shards, tickets, ticket => Url.JobDetails(ticket))}</div></section>
            <div class="row">
              <section class="col-md-4"><h2>Timeline</h2><div data-live="timeline">{Timeline(job)}</div></section>
              <section class="col-md-8"><h2>Spec</h2><pre tabindex="0">{Markup.Text(JsonNode.Parse(JobSpecJson.Write(job.Spec))!.ToJsonString(s_indented))}</pre></section>
            </div>
            {Rows(services, record, shards)}
            <section data-live="webhooks">{Webhooks(job.Id, deliveries)}</section>
            </div></div>
            """);
    }

    private static string Numbers(JobView job) =>
        $"""
        <div class="pipeline-bar">{Markup.Bar(job)}</div>
        <dl class="pipeline-numbers">
          <div><dt>Images/s</dt><dd data-number="rate">{Markup.Rate(job.ImagesPerSecond)}</dd></div>
          <div><dt>Left</dt><dd data-number="left">{Markup.Left(job)}</dd></div>
          <div><dt>Failed</dt><dd data-number="failed">{Markup.Failures(job)}</dd></div>
          <div><dt>Shards</dt><dd data-number="shards">{Markup.Count(job.Shards.Committed)} of {Markup.Count(job.Shards.Total)}, {Markup.Count(job.Shards.Running)} running</dd></div>
          <div><dt>Priority</dt><dd data-number="priority">{job.Schedule.Priority}</dd></div>
          <div><dt>Run</dt><dd>{job.Run}, dataset version {job.DatasetVersion}</dd></div>
        </dl>
        """;

    private static string Timeline(JobView job) =>
        $"<ol class=\"pipeline-timeline\"><li>{Markup.Time(job.CreatedAt)} submitted</li>{string.Concat(job.StateTimes.OrderBy(entry => entry.Value).Select(entry =>
            $"<li>{Markup.Time(entry.Value)} {Markup.Text(entry.Key.Replace('_', ' '))}</li>"))}</ol>";

    private string Webhooks(string job, IReadOnlyList<WebhookDelivery> deliveries) => DeliveryTable.Of(
        deliveries, IsReadOnly ? null : delivery => Url.To($"{AnnotationJobsPage.Route}/{job}/deliveries/{delivery}/resend"));

    /// <summary>What the dataset holds so far. A store that is down must not take the page with it.</summary>
    private string Rows(IServiceProvider services, JobRecord job, IReadOnlyList<ShardStatus> shards)
    {
        var rows = services.GetRequiredService<CommittedRows>();
        try
        {
            // Files are read once for all who watch, and anew when another shard is committed. Hangfire renders its pages synchronously.
            return services.GetRequiredService<IMemoryCache>().GetOrCreate((job.Id, job.Run, job.Version, job.Progress.ShardsCommitted), entry =>
            {
                entry.SlidingExpiration = s_kept;
                string Thumbnail(int shard, string row) => Url.To(ThumbnailRoute.Of(job.Id, shard, row));
                return Task.Run(async () =>
                {
                    var (shard, latest) = await rows.LatestAsync(job, shards, ShardPreviews.Annotated, CancellationToken.None);
                    return RowTables.Failures(await rows.FailuresAsync(job, shards, 0, ShardPreviews.Failed, CancellationToken.None), Thumbnail) + RowTables.Latest(shard, latest, Thumbnail);
                }).GetAwaiter().GetResult();
            })!;
        }
        catch (ObjectStoreException trouble)
        {
            return $"<div class=\"alert alert-warning\">The dataset cannot be read now: {Markup.Text(trouble.Message)}</div>";
        }
    }
}
