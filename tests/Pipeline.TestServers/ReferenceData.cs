using Xunit;

namespace Pipeline.TestServers;

/// <summary>
/// Reference outputs and photographs that are too big for the repository. They lie in the folder <c>shared</c> beside the
/// checkout, or where <c>PIPELINE_REFERENCE_DATA</c> says.
/// </summary>
public static class ReferenceData
{
    /// <summary>The full path of a file or folder of the reference data, for example <c>Folder("golden", "v1")</c>.</summary>
    /// <remarks>Where it is absent the calling test is skipped; with <c>CI=true</c> it fails, so that a green build means that it ran.</remarks>
    public static string Folder(params string[] path)
    {
        var wanted = Path.Combine([Root, .. path]);
        if (!Directory.Exists(wanted) && !File.Exists(wanted))
        {
            var reason = $"No reference data at {wanted}: put it there or set PIPELINE_REFERENCE_DATA to the folder that holds it.";
            Assert.SkipUnless(IsContinuousIntegration, reason);
            Assert.Fail(reason);
        }

        return wanted;
    }

    private static string Root =>
        Environment.GetEnvironmentVariable("PIPELINE_REFERENCE_DATA") is { Length: > 0 } root
            ? Path.GetFullPath(root)
            : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared"));

    private static bool IsContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
}
