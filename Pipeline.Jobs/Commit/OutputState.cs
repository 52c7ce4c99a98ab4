namespace Pipeline.Jobs.Commit;

/// <summary>Whom an output belongs to.</summary>
public enum OutputOwner
{
    /// <summary>Nobody: it holds no data.</summary>
    Nobody,

    /// <summary>The job that asks.</summary>
    ThisJob,

    /// <summary>Another job.</summary>
    OtherJob,

    /// <summary>It holds data that no job of this program made.</summary>
    Foreign,
}

/// <summary>What lies in an output.</summary>
/// <param name="Owner">Whom it belongs to.</param>
/// <param name="JobId">The job it belongs to, if any.</param>
/// <param name="ForeignKey">For <see cref="OutputOwner.Foreign"/>, one of the objects that are in the way.</param>
public sealed record OutputState(OutputOwner Owner, string? JobId = null, string? ForeignKey = null);
