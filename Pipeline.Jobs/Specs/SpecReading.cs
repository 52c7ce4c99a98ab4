namespace Pipeline.Jobs.Specs;

/// <summary>What could be read of a person's JSON, and all that could not.</summary>
/// <param name="Spec">The spec, with a default in place of every member that <paramref name="Faults"/> names.</param>
/// <param name="Faults">Unknown and missing members and values of the wrong type; empty for a well-formed spec.</param>
public sealed record SpecReading(JobSpec Spec, IReadOnlyList<SpecFault> Faults);
