using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.Specs;

/// <summary>Names a job after its spec, so that the same request always means the same job.</summary>
public static class JobId
{
    private const string Prefix = "job-";
    private const int HexDigits = 16;

    /// <summary>"job-" and the first 16 hex digits of the sha256 over the normalised spec's canonical JSON.</summary>
    public static string Of(JobSpec spec)
    {
        var json = JobSpecJson.Write(SpecNormalizer.Normalize(spec));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(json));
        return Prefix + Convert.ToHexStringLower(hash)[..HexDigits];
    }
}
