using System.Net;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Client;

/// <summary>The API refused, in problem+json (RFC 9457).</summary>
internal sealed class ApiException(HttpStatusCode status, string message, IReadOnlyList<SpecFault> faults) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>Everything wrong with a refused spec; empty for other refusals.</summary>
    public IReadOnlyList<SpecFault> Faults { get; } = faults;
}
