using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Pipeline.Jobs.Tests.State;

/// <summary>Runs a theory once on each storage.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EachStorageAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<StorageKind>().Select(kind => new TheoryDataRow(kind))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
