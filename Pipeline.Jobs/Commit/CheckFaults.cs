using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Commit;

internal static class CheckFaults
{
    /// <summary>What is read, or null and its fault in the list. A store that can't be reached says nothing of the dataset and is thrown.</summary>
    public static async Task<T?> Faulty<T>(this IObjectStore store, List<string> faults, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (ObjectStoreException e) when (e.Fault is ObjectStoreFault.Rejected)
        {
            faults.Add(e.Message);
            return null;
        }
        catch (ObjectStoreException e) when (e.Fault is ObjectStoreFault.NotFound)
        {
            faults.Add($"'{e.Uri}' is gone: restore it, or submit the job again in an empty output instead of '{store.Uri}'.");
            return null;
        }
    }
}
