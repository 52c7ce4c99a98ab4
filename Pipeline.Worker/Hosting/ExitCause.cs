namespace Pipeline.Worker.Hosting;

/// <summary>How a process ended, in words.</summary>
internal static class ExitCause
{
    /// <summary>The signal of a process that used up its processor time.</summary>
    public const int CpuTime = 24;

    private const int Signals = 128;

    public static string Of(int exitCode) => exitCode > Signals
        ? $"was ended by {Name(exitCode - Signals)}"
        : $"ended with exit code {exitCode}";

    private static string Name(int signal) => signal switch
    {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        CpuTime => "SIGXCPU",
        25 => "SIGXFSZ",
        _ => $"signal {signal}",
    };
}
