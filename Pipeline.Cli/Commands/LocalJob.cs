using Microsoft.Extensions.DependencyInjection;
using Pipeline.Cli.Client;
using Pipeline.Cli.Display;
using Pipeline.Cli.Hosting;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Commands;

/// <summary>Sees one job through on the server of this process, as any client of its API would.</summary>
internal sealed class LocalJob(Terminal terminal, LocalServer server)
{
    private readonly TimeProvider _time = server.Services.GetRequiredService<TimeProvider>();

    /// <summary>The job in its terminal state.</summary>
    /// <exception cref="CommandException">The spec was refused.</exception>
    public async Task<JobView> RunAsync(string spec, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(server.Addresses[0]);
        try
        {
            var job = await api.SubmitAsync(spec, idempotencyKey: null, cancellationToken);
            return await new JobFollower(terminal, api, JobFollower.Near, _time).FollowAsync(job, cancellationToken);
        }
        catch (ApiException refusal)
        {
            throw Refusals.OfOptions(refusal);
        }
    }

    public Task<int> ReportAsync(JobView job, ShowRows showRows, CancellationToken cancellationToken) =>
        JobReport.ShowAsync(terminal, job, server.Services.GetRequiredService<ObjectStores>(), showRows, cancellationToken);
}
