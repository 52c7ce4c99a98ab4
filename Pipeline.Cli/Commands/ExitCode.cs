namespace Pipeline.Cli.Commands;

/// <summary>What the command tells scripts.</summary>
internal static class ExitCode
{
    /// <summary>Done. A job with failed images counts as done: each of them has its row, and the report names them.</summary>
    public const int Success = 0;

    /// <summary>The job failed or was cancelled, or a server or file could not be used.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the job spec is wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM, as shells count it.</summary>
    public const int Interrupted = 130;
}
