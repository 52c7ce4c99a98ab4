using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Planning;

/// <summary>Names the exact content of a checkpoint folder.</summary>
public static class ModelRevision
{
    private static readonly HashSet<string> Extensions = new(["json", "safetensors", "bin"], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// sha256, lower-case hex, over a line "name, NUL, sha256 of the content" for each config, tokenizer and weights file (json,
    /// safetensors, bin), subfolders included, in the order of their names. Hidden files and other kinds, such as a README, do not count.
    /// </summary>
    /// <exception cref="ObjectStoreException">The folder or a file cannot be read, or holds no such file.</exception>
    public static async Task<string> ComputeAsync(string folder, CancellationToken cancellationToken)
    {
        var store = new LocalObjectStore(folder);
        using var revision = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = 0;
        await foreach (var found in store.ListAsync("", cancellationToken))
        {
            if (Counts(found.Key))
            {
                await using var content = await store.OpenReadAsync(found.Key, cancellationToken);
                var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
                revision.AppendData(Encoding.UTF8.GetBytes($"{found.Key}\0{sha256}\n"));
                files++;
            }
        }

        return files > 0
            ? Convert.ToHexStringLower(revision.GetHashAndReset())
            : throw new ObjectStoreException(ObjectStoreFault.NotFound, store.Uri, $"'{folder}' holds no checkpoint: name a folder with config.json and weights.");
    }

    private static bool Counts(string key) =>
        Extensions.Contains(Path.GetExtension(key).TrimStart('.')) && !key.Split('/').Any(static segment => segment.StartsWith('.'));
}
