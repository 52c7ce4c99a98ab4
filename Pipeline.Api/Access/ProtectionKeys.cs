using System.Xml.Linq;
using Hangfire;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Pipeline.Api.Access;

/// <summary>The keys that protect cookies, in the job storage: every replica of the API reads what another has written.</summary>
internal sealed class ProtectionKeys(JobStorage storage) : IXmlRepository
{
    private const string Hash = "pipeline:protection";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = storage.GetConnection();
        return [.. (connection.GetAllEntriesFromHash(Hash)?.Values ?? Enumerable.Empty<string>()).Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(Hash, [new(friendlyName, element.ToString(SaveOptions.DisableFormatting))]);
        transaction.Commit();
    }
}
