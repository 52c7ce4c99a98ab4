namespace Pipeline.TestServers;

/// <summary>What a <see cref="FaultyProxy"/> does to an exchange in place of passing it on faithfully.</summary>
public abstract record ProxyFault
{
    private ProxyFault()
    {
    }

    /// <summary>Answers itself and asks nobody.</summary>
    /// <param name="Status">Of HTTP.</param>
    /// <param name="Code">S3's word for it, for example "SlowDown".</param>
    public sealed record Refuse(int Status, string Code) : ProxyFault;

    /// <summary>Passes some of the answer's body on and resets the connection.</summary>
    public sealed record Cut(int AfterBytes) : ProxyFault;

    /// <summary>Passes some of the answer's body on at once, and the rest a byte at a time.</summary>
    public sealed record Drip(int AfterBytes, TimeSpan Pause) : ProxyFault;

    /// <summary>Turns one bit of the answer's body.</summary>
    public sealed record Flip(int AtByte) : ProxyFault;

    /// <summary>Adds a header to the answer, or replaces it.</summary>
    public sealed record Header(string Name, string Value) : ProxyFault;

    /// <summary>Passes the request on, does something once it is answered, and never tells the answer.</summary>
    public sealed record Lost(Func<CancellationToken, Task> Act) : ProxyFault;

    /// <summary>Does something before the request is passed on.</summary>
    public sealed record After(Func<CancellationToken, Task> Act) : ProxyFault;
}
