namespace Pipeline.Jobs.Specs;

/// <summary>One thing wrong with a spec.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) to the value, for example <c>/questions/1/choices</c>.</param>
/// <param name="Detail">A sentence that names the offending value and says what to do.</param>
public sealed record SpecFault(string Pointer, string Detail);

/// <summary>A spec was refused; <see cref="Faults"/> lists everything wrong with it, not only the first thing.</summary>
public sealed class JobSpecException(IReadOnlyList<SpecFault> faults)
    : Exception(string.Join(Environment.NewLine, faults.Select(fault => $"{fault.Pointer}: {fault.Detail}")))
{
    public IReadOnlyList<SpecFault> Faults { get; } = faults;
}
