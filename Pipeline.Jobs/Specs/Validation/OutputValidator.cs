using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The output can be written, and is empty or this very job's.</summary>
internal sealed class OutputValidator(ObjectStores stores)
{
    private const string Pointer = "/output";

    /// <exception cref="ObjectStoreException">The store does not answer now.</exception>
    public async Task<IReadOnlyList<SpecFault>> ValidateAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        if (!ObjectLocation.TryParse(spec.Output, out _, out _))
        {
            return [];
        }

        try
        {
            var claim = new OutputClaim(stores.Open(spec.Output));
            if (Fault(spec.Output, await claim.ExamineAsync(JobId.Of(spec), cancellationToken)) is { } taken)
            {
                return [taken];
            }

            await claim.ProbeAsync(cancellationToken);
            return [];
        }
        catch (ObjectStoreException e) when (!e.IsTransient)
        {
            return [new(Pointer, $"\"{spec.Output}\" cannot be written ({e.Message.TrimEnd('.')}): choose another place, or let this user write there.")];
        }
    }

    /// <summary>What is wrong with an output in that state, or null.</summary>
    public static SpecFault? Fault(string output, OutputState state) => state.Owner switch
    {
        OutputOwner.OtherJob => new(
            Pointer,
            $"\"{output}\" belongs to {state.JobId}, a job with another spec: choose another folder, or submit that job's spec to continue it "
            + $"({OutputLayout.Job} in it has the spec)."),
        OutputOwner.Foreign => new(
            Pointer, $"\"{output}\" holds data of something else (\"{state.ForeignKey}\"): choose an empty or a new folder."),
        _ => null,
    };
}
