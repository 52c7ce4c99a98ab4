using System.Diagnostics;

namespace Pipeline.TestServers.Postgres;

/// <summary>Where PostgreSQL lies on this machine, and as whom it runs.</summary>
internal static class PostgresInstallation
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public static string BinFolder()
    {
        var debian = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: run ./test.sh, which installs it, or apt-get install postgresql.");
    }

    public static ProcessStartInfo AsUnprivilegedUser(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new ProcessStartInfo("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", "--", program, .. arguments])
        : new ProcessStartInfo(program, arguments);

    private static string User =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : throw new InvalidOperationException("There is no user postgres to run PostgreSQL as: install the package postgresql.");
}
