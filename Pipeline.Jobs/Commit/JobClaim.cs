using System.Text.Json;

namespace Pipeline.Jobs.Commit;

/// <summary><c>_pipeline/job.json</c>: the job that an output belongs to.</summary>
public sealed record JobClaim
{
    public required string JobId { get; init; }

    /// <summary>The canonical spec, for whoever looks into the folder.</summary>
    public required JsonElement Spec { get; init; }
}
