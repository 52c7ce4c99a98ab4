using System.Text.Json;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

/// <summary>Makes an output belong to one job for good.</summary>
public sealed class OutputClaim(IObjectStore output)
{
    /// <summary>What lies in the output; changes nothing.</summary>
    /// <exception cref="ObjectStoreException">It cannot be read.</exception>
    public async Task<OutputState> ExamineAsync(string jobId, CancellationToken cancellationToken)
    {
        if (await FindClaimAsync(jobId, cancellationToken) is { } claimed)
        {
            return claimed;
        }

        if (await FindDataAsync(cancellationToken) is not { } foreign)
        {
            return new OutputState(OutputOwner.Nobody);
        }

        // What was found may be the claim, or the work, of a job that was faster since the look above.
        return await FindClaimAsync(jobId, cancellationToken) ?? new OutputState(OutputOwner.Foreign, ForeignKey: foreign);
    }

    /// <summary>Claims an output that holds no data, or finds it claimed.</summary>
    /// <param name="jobId">The job that asks.</param>
    /// <param name="specJson">The job's canonical spec.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns><see cref="OutputOwner.ThisJob"/> if the output is the job's now; else what is in the way.</returns>
    /// <exception cref="ObjectStoreException">The output cannot be read or written.</exception>
    public async Task<OutputState> TryClaimAsync(string jobId, string specJson, CancellationToken cancellationToken)
    {
        var state = await ExamineAsync(jobId, cancellationToken);
        if (state.Owner != OutputOwner.Nobody)
        {
            return state;
        }

        using var spec = JsonDocument.Parse(specJson);
        var claim = new JobClaim { JobId = jobId, Spec = spec.RootElement };
        return await output.TryCreateRecordAsync(OutputLayout.Job, claim, CommitJson.Default.JobClaim, cancellationToken)
            ? new OutputState(OutputOwner.ThisJob, jobId)
            : await ExamineAsync(jobId, cancellationToken);
    }

    /// <summary>Writes and deletes a small object, and leaves nothing behind.</summary>
    /// <exception cref="ObjectStoreException">The output cannot be written, or nothing there can decide who is first; the fault and message say why.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var made = (output as LocalObjectStore)?.MissingFolders(OutputLayout.Probe) ?? [];
        var key = OutputLayout.Probe + Guid.NewGuid().ToString("n");
        try
        {
            await output.TryCreateAsync(key, "probe"u8.ToArray(), cancellationToken);
            await output.DeleteAsync(key, cancellationToken);
        }
        finally
        {
            LocalObjectStore.DeleteEmptyFolders(made);
        }
    }

    private async Task<OutputState?> FindClaimAsync(string jobId, CancellationToken cancellationToken) =>
        await output.FindRecordAsync(OutputLayout.Job, CommitJson.Default.JobClaim, cancellationToken) is { } claim
            ? new OutputState(claim.JobId == jobId ? OutputOwner.ThisJob : OutputOwner.OtherJob, claim.JobId)
            : null;

    private async Task<string?> FindDataAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var found in output.ListAsync("", cancellationToken))
            {
                if (IsData(found.Key))
                {
                    return found.Key;
                }
            }
        }
        catch (ObjectStoreException missing) when (missing.Fault == ObjectStoreFault.NotFound && output is LocalObjectStore)
        {
            // A local folder is made by the first write; a bucket has to be there.
        }

        return null;
    }

    /// <summary>Folder markers of consoles, dot files and the probes of other submissions are no data.</summary>
    private static bool IsData(string key) =>
        !key.EndsWith('/') && !key[(key.LastIndexOf('/') + 1)..].StartsWith('.') && !key.StartsWith(OutputLayout.Probe, StringComparison.Ordinal);
}
