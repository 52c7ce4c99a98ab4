using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The dataset lies where the tenant's datasets may. What may be read is judged where it is opened.</summary>
internal static class TenantValidator
{
    public static IEnumerable<SpecFault> Validate(JobSpec spec, TenantLimits? limits)
    {
        if (limits?.Outputs is { } allowed && ObjectLocation.TryParse(spec.Output, out var output, out _)
            && !allowed.Any(place => ObjectLocation.Parse(place).KeyOf(output) is not null))
        {
            yield return new("/output", $"\"{spec.Output}\" is not where this tenant's datasets may be written ({(allowed.Count == 0 ? "nowhere" : string.Join(", ", allowed.Select(place => $"\"{place}\"")))}): "
                + "choose a folder in there, or have an administrator allow another (PUT /v1/tenants).");
        }
    }
}
