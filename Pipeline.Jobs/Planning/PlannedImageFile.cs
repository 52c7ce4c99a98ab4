using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;
using Parquet.Serialization.Attributes;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Sources;

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
        return [.. rows.Data.Select(row => row.ToImage())];
    }

    public static string Hash(MemoryStream file) => Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));

    /// <summary>Columns that a plan of an earlier version lacks read as null.</summary>
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

        [JsonPropertyName("file")]
        public string? File { get; set; }

        [JsonPropertyName("column")]
        public string? Column { get; set; }

        [JsonPropertyName("group")]
        public int? Group { get; set; }

        [JsonPropertyName("row")]
        public int? Index { get; set; }

        [JsonPropertyName("offset")]
        public long? Offset { get; set; }

        [JsonPropertyName("length")]
        public long? Length { get; set; }

        [JsonPropertyName("fault")]
        public string? Fault { get; set; }

        [JsonPropertyName("duplicate_of")]
        public string? DuplicateOf { get; set; }

        [JsonPropertyName("duplicate_kind")]
        public string? DuplicateKind { get; set; }

        [JsonPropertyName("columns")]
        public string? Columns { get; set; }

        [JsonPropertyName("questions")]
        public string? Questions { get; set; }

        public static Row Of(PlannedImage image) => new()
        {
            Key = image.Key,
            Uri = image.Uri,
            Bytes = image.Bytes,
            ETag = image.ETag,
            File = image.Part?.File,
            Column = image.Part?.Column,
            Group = image.Part?.Group,
            Index = image.Part?.Row,
            Offset = image.Part?.Offset,
            Length = image.Part?.Length,
            Fault = image.Fault,
            DuplicateOf = image.Duplicate?.Of,
            DuplicateKind = image.Duplicate is { } duplicate ? DuplicateKinds.NameOf(duplicate.Kind) : null,
            Columns = image.Columns,
            Questions = image.Questions,
        };

        public PlannedImage ToImage() => new(Key, Uri, Bytes, ETag)
        {
            Part = File is null ? null : new PlannedPart(File, Column, Group ?? 0, Index ?? 0, Offset ?? 0, Length ?? 0),
            Fault = Fault,
            Duplicate = DuplicateOf is null ? null : new Duplicate(DuplicateOf, DuplicateKinds.Of(DuplicateKind!)),
            Columns = Columns,
            Questions = Questions,
        };
    }
}
