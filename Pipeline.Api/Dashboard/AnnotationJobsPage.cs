using System.Globalization;
using System.Net;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>The dashboard's page of annotation jobs: state, progress, speed and failures, newest first.</summary>
internal sealed class AnnotationJobsPage : RazorPage
{
    public const string Route = "/annotation-jobs";
    private const string Title = "Annotation jobs";
    private const int MostJobs = 50;
    private const int RefreshSeconds = 2;

    /// <summary>Hangfire keeps pages and menu per process, and several hosts may live in one.</summary>
    private static readonly Lazy<bool> s_registered = new(() =>
    {
        DashboardRoutes.Routes.AddRazorPage(Route, _ => new AnnotationJobsPage());
        NavigationMenu.Items.Insert(0, page => new MenuItem(Title, page.Url.To(Route))
        {
            Active = page.RequestPath.StartsWith(Route, StringComparison.Ordinal),
        });
        return true;
    });

    public static void Register() => _ = s_registered.Value;

    public override void Execute()
    {
        Layout = new LayoutPage(Title);
        var store = Context.GetHttpContext().RequestServices.GetRequiredService<JobStore>();
        var page = store.List(0, MostJobs);
        if (page.Jobs.Any(job => !job.State.IsTerminal()))
        {
            WriteLiteral($"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\">");
        }

        WriteLiteral($"<div class=\"row\"><div class=\"col-md-12\"><h1 class=\"page-header\">{Title} <small>{page.Total}</small>"
            + $"<small class=\"pull-right\" style=\"line-height:40px\"><a href=\"{OpenApi.Page}\">REST API</a></small></h1>");
        if (page.Jobs.Count == 0)
        {
            WriteLiteral("<div class=\"alert alert-info\">No job yet. Submit one with <code>POST /v1/jobs</code> or <code>pipeline submit</code>.</div>");
        }
        else
        {
            WriteLiteral("<table class=\"table\" aria-label=\"Annotation jobs\"><thead><tr><th>Job</th><th>State</th>"
                + "<th style=\"width:30%\">Images</th><th>Failed</th><th>Shards</th><th>Images/s</th><th>Left</th><th>Submitted</th></tr></thead><tbody>");
            foreach (var job in page.Jobs)
            {
                WriteLiteral(Row(job));
            }

            WriteLiteral("</tbody></table>");
        }

        WriteLiteral("</div></div>");
    }

    private static string Row(JobView job) =>
        $"""
        <tr data-job="{job.Id}">
          <td><strong>{job.Id}</strong><br><small class="text-muted">{Text(job.Spec.Source)}<br>→ {Text(job.Spec.Output)}</small></td>
          <td><span class="label label-{Colour(job.State)}">{Text(JobJson.NameOf(job.State).Replace('_', ' '))}</span></td>
          <td>{Bar(job)}</td>
          <td>{job.Images.Failed:N0}</td>
          <td style="white-space:nowrap">{job.Shards.Committed:N0} / {Known(job.Shards.Total)}{Running(job)}</td>
          <td>{(job.ImagesPerSecond is { } rate ? rate.ToString("0.0", CultureInfo.InvariantCulture) : "–")}</td>
          <td>{(job.EtaSeconds is { } eta && !job.State.IsTerminal() ? TimeSpan.FromSeconds(Math.Ceiling(eta)).ToString("c", CultureInfo.InvariantCulture) : "–")}</td>
          <td>{job.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</td>
        </tr>
        {(job.Error is null ? "" : $"<tr><td colspan=\"8\"><div class=\"alert alert-danger\">{Text(job.Error)}</div></td></tr>")}
        """;

    private static string Running(JobView job) =>
        job.Shards.Running == 0 ? "" : $"<br><small class=\"text-muted\">{job.Shards.Running:N0} running</small>";

    private static string Bar(JobView job)
    {
        var percent = job.Images.Total is > 0 and var total ? 100.0 * job.Images.Done / total : 0;
        var width = percent.ToString("0.0", CultureInfo.InvariantCulture);
        return $"""
            <div class="progress" style="margin:0"><div class="progress-bar" role="progressbar" aria-valuenow="{width}" aria-valuemin="0" aria-valuemax="100" style="width:{width}%"></div></div>
            <small>{job.Images.Done:N0} of {Known(job.Images.Total)}</small>
            """;
    }

    private static string Colour(JobState state) => state switch
    {
        JobState.Completed => "success",
        JobState.CompletedWithErrors or JobState.Cancelling or JobState.Paused => "warning",
        JobState.Failed => "danger",
        JobState.Cancelled => "default",
        _ => "primary",
    };

    private static string Known(long? count) => count is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "?";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
