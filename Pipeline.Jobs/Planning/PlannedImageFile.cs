using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;

namespace Pipeline.Jobs.Planning;

/// <summary>The Parquet file that lists the images of one shard.</summary>
internal static class PlannedImageFile
{
    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Optimal,
    };

    /// <summary>The file, in memory, and its sha256 in lower-case hex.</summary>
    public static async Task<(MemoryStream File, string Sha256)> WriteAsync(IEnumerable<PlannedImage> images, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        await ParquetSerializer.SerializeAsync(images.Select(Row.Of), file, Options, customMetadata: null, cancellationToken);
        return (file, Hash(file));
    }

    public static async Task<IReadOnlyList<PlannedImage>> ReadAsync(MemoryStream file, CancellationToken cancellationToken)
    {
        file.Position = 0;
        var rows = await ParquetSerializer.DeserializeAsync<Row>(file, cancellationToken: cancellationToken);
        return [.. rows.Data.Select(row => new PlannedImage(row.Key, row.Uri, row.Bytes, row.ETag))];
    }

    public static string Hash(MemoryStream file) => Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));

    private sealed class Row
    {
        [JsonPropertyName("key"), ParquetRequired]
        public string Key { get; set; } = "";

        [JsonPropertyName("uri"), ParquetRequired]
        public string Uri { get; set; } = "";

        [JsonPropertyName("bytes")]
        public long Bytes { get; set; }

        [JsonPropertyName("etag"), ParquetRequired]
        public string ETag { get; set; } = "";

        public static Row Of(PlannedImage image) => new() { Key = image.Key, Uri = image.Uri, Bytes = image.Bytes, ETag = image.ETag };
    }
}
