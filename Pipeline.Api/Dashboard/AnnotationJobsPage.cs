using Hangfire.Dashboard;
using Pipeline.Api.Access;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>The dashboard's page of annotation jobs: sorted, searched, filtered and paged by its address. The region marked live is fetched again by the page itself.</summary>
internal sealed class AnnotationJobsPage : RazorPage
{
    public const string Route = "/annotation-jobs";
    public const string Title = "Annotation jobs";

    private static readonly (string Title, string? Sort)[] s_columns =
        [("Job", null), ("State", "state"), ("Images", "images"), ("Failed", "failed"), ("Shards", null), ("Images/s", "rate"), ("Left", "left"), ("Priority", "priority"), ("Submitted", "submitted")];

    public override void Execute()
    {
        var context = Context.GetHttpContext();
        Layout = LivePage.LayoutOf(context, Title);
        var caller = Caller.Of(context.User);
        var query = JobListQuery.Of(context.Request.Query);
        var all = context.RequestServices.GetRequiredService<JobBoard>().Look().Where(job => caller.Sees(job.Tenant)).ToList();
        var (jobs, found) = query.Apply(all);
        WriteLiteral($"""
            <div class="row pipeline"><div class="col-md-12">
            <h1 class="page-header">{Title} <small data-live="total">{Markup.Count(all.Count)}</small> <small class="pull-right"><a href="{OpenApi.Page}">REST API</a></small></h1>
            {Form(query)}
            <div data-live="jobs">
            """);
        if (all.Count == 0)
        {
            WriteLiteral("<div class=\"alert alert-info\">No job yet. Submit one with <code>POST /v1/jobs</code> or <code>pipeline submit</code>.</div>");
        }
        else if (found == 0)
        {
            WriteLiteral("<div class=\"alert alert-info\">No job is like that.</div>");
        }
        else
        {
            WriteLiteral($"<div class=\"table-responsive\" tabindex=\"0\" role=\"region\" aria-label=\"{Title}\"><table class=\"table pipeline-cards\"><caption class=\"sr-only\">{Title}</caption><thead><tr>{string.Concat(s_columns.Select(column => Header(query, column.Title, column.Sort)))}</tr></thead><tbody>");
            WriteLiteral(string.Concat(jobs.Select(Row)));
            WriteLiteral($"</tbody></table></div>{Pager(query, found)}");
        }

        WriteLiteral("</div></div></div>");
    }

    private static string Form(JobListQuery query) =>
        $"""
        <form class="form-inline pipeline-search" method="get" role="search">
          <input type="hidden" name="sort" value="{query.Sort}"><input type="hidden" name="order" value="{(query.Ascending ? "asc" : "desc")}">
          <label class="sr-only" for="pipeline-search">Search in ids, sources, outputs, models and errors</label>
          <input class="form-control" id="pipeline-search" name="search" type="search" placeholder="id, source, output, model, error" value="{Markup.Text(query.Search)}">
          <label class="sr-only" for="pipeline-state">State</label>
          <select class="form-control" id="pipeline-state" name="state"><option value="">all states</option>{string.Concat(Enum.GetValues<JobState>().Select(state =>
              $"<option value=\"{JobJson.NameOf(state)}\"{(state == query.State ? " selected" : "")}>{Markup.State(state)}</option>"))}</select>
          <button class="btn btn-default" type="submit">Show</button>
        </form>
        """;

    private static string Header(JobListQuery query, string title, string? sort)
    {
        if (sort is null)
        {
            return $"<th scope=\"col\">{title}</th>";
        }

        var isSorted = query.Sort == sort;
        var next = query with { Sort = sort, Ascending = isSorted && !query.Ascending, Page = 1 };
        var (order, arrow) = !isSorted ? ("", "") : query.Ascending ? (" aria-sort=\"ascending\"", " ↑") : (" aria-sort=\"descending\"", " ↓");
        return $"<th scope=\"col\"{order}><a href=\"{Markup.Text(next.ToQuery())}\">{title}{arrow}</a></th>";
    }

    private string Row(JobView job) =>
        $"""
        <tr data-job="{Markup.Text(job.Id)}">
          <td class="pipeline-name"><a href="{Url.To($"{Route}/{job.Id}")}"><strong>{Markup.Text(job.Id)}</strong></a><br><small class="text-muted">{Markup.Text(job.Spec.Source)}<br>→ {Markup.Text(job.Spec.Output)}</small></td>
          <td data-label="State">{Markup.Badge(job.State)}</td>
          <td class="pipeline-bar" data-label="Images"><div>{Markup.Bar(job)}</div></td>
          <td data-label="Failed"><div>{Markup.Failures(job)}</div></td>
          <td data-label="Shards"><div>{Markup.Count(job.Shards.Committed)} / {Markup.Count(job.Shards.Total)}{(job.Shards.Running == 0 ? "" : $"<br><small class=\"text-muted\">{Markup.Count(job.Shards.Running)} running</small>")}</div></td>
          <td data-label="Images/s">{Markup.Rate(job.ImagesPerSecond)}</td>
          <td data-label="Left"><div>{Markup.Left(job)}</div></td>
          <td data-label="Priority">{job.Schedule.Priority}</td>
          <td data-label="Submitted">{Markup.Time(job.CreatedAt)}</td>
        </tr>
        {(job.Error is null ? "" : $"<tr><td colspan=\"{s_columns.Length}\"><div class=\"alert alert-danger\">{Markup.Text(job.Error)}</div></td></tr>")}
        """;

    private static string Pager(JobListQuery query, int found)
    {
        var pages = (found + JobListQuery.PageSize - 1) / JobListQuery.PageSize;
        if (pages <= 1)
        {
            return "";
        }

        string Link(int page, string text) => page < 1 || page > pages
            ? $"<li class=\"disabled\"><span>{text}</span></li>"
            : $"<li><a href=\"{Markup.Text((query with { Page = page }).ToQuery())}\">{text}</a></li>";
        return $"<nav aria-label=\"Pages\"><ul class=\"pagination\">{Link(query.Page - 1, "Previous")}<li class=\"active\"><span>{Markup.Count(query.Page)} of {Markup.Count(pages)}</span></li>{Link(query.Page + 1, "Next")}</ul></nav>";
    }
}
