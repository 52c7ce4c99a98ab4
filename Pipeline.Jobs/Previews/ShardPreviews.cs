using System.Text;
using System.Text.Json;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Previews;

/// <summary>Small pictures of those rows of a shard that a job's page can show, as one small object beside its commit.</summary>
/// <remarks>The worker has the pixels in hand, whatever kind of source they come from; who shows the page then needs neither a decoder nor the source.</remarks>
public sealed record ShardPreviews
{
    /// <summary>Annotated rows of a shard that are shown, the first ones.</summary>
    public const int Annotated = 6;

    /// <summary>Failed rows that are shown, the first ones.</summary>
    public const int Failed = 20;

    /// <summary>Longest object: a worker writes no longer one, and nobody reads one.</summary>
    public const int MostBytes = 512 << 10;

    /// <summary>Most that a byte of a row's id takes in JSON, and what stands around an entry.</summary>
    private const int MostEscaped = 6, AroundEntry = 8, AroundAll = 64;

    /// <summary>JPEGs by the rows' ids.</summary>
    public required IReadOnlyDictionary<string, byte[]> Pictures { get; init; }

    /// <summary>As many of the pictures as there is room for, from the first on; of one row the first counts.</summary>
    public static ShardPreviews Of(IEnumerable<KeyValuePair<string, byte[]>> pictures)
    {
        var (kept, left) = (new Dictionary<string, byte[]>(), MostBytes - AroundAll);
        foreach (var (id, jpeg) in pictures)
        {
            var bytes = (MostEscaped * Encoding.UTF8.GetByteCount(id)) + ((jpeg.Length + 2) / 3 * 4) + AroundEntry;
            if (bytes <= left && kept.TryAdd(id, jpeg))
            {
                left -= bytes;
            }
        }

        return new ShardPreviews { Pictures = kept };
    }

    /// <returns>Null if there are none, or what is there is too long or no such object.</returns>
    /// <exception cref="ObjectStoreException">The output cannot be read.</exception>
    public static async Task<ShardPreviews?> FindAsync(IObjectStore output, int shard, CancellationToken cancellationToken)
    {
        var key = OutputLayout.PreviewsOf(shard);
        if (await output.FindAsync(key, cancellationToken) is not { Bytes: <= MostBytes })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(await output.ReadAllBytesAsync(key, cancellationToken), PreviewJson.Default.ShardPreviews);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="ObjectStoreException">The output cannot be written.</exception>
    public async Task WriteAsync(IObjectStore output, int shard, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(this, PreviewJson.Default.ShardPreviews));
        await output.PutAsync(OutputLayout.PreviewsOf(shard), content, cancellationToken);
    }
}
