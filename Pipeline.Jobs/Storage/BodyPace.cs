namespace Pipeline.Jobs.Storage;

/// <summary>
/// The patience with one download: every wait uses it up, and bytes earn it back at the minimum rate. So a steady but slow download goes on for ever,
/// one that falls below the rate ends soon after, and a pause is borne even after gigabytes no longer than at the beginning.
/// </summary>
/// <param name="most">Patience at the beginning, and the most there ever is.</param>
/// <param name="bytesPerSecond">Rate at which a download keeps its patience.</param>
internal sealed class BodyPace(TimeSpan most, int bytesPerSecond)
{
    private TimeSpan used;

    /// <summary>The longest that the next wait may be; never negative.</summary>
    public TimeSpan Left => most - used;

    /// <summary>Counts a wait that brought some bytes.</summary>
    public void Add(TimeSpan waited, int bytes)
    {
        used += waited - TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
        used = used < TimeSpan.Zero ? TimeSpan.Zero : used > most ? most : used;
    }
}
