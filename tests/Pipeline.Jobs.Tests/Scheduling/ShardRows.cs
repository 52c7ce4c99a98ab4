using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Writes a shard's file as a worker does, with a made-up caption an image.</summary>
internal static class ShardRows
{
    public static async Task<ShardFile> WriteAsync(
        string folder,
        string jobId,
        JobPlan plan,
        IReadOnlyList<PlannedImage> images,
        Func<PlannedImage, bool> fails,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var provenance = new RowProvenance
        {
            JobId = jobId,
            Model = "tiny",
            ModelRevision = plan.ModelRevision,
            PromptHash = "p",
            ParametersHash = "q",
            CodeVersion = "test",
            Attempt = 1,
            CreatedAt = now,
        };
        await using var writer = ShardFileWriter.Create(Path.Combine(folder, $"{Guid.NewGuid():n}.parquet"), provenance);
        foreach (var image in images)
        {
            var failed = fails(image);
            await writer.WriteAsync(
                new AnnotationRow
                {
                    Id = image.Key,
                    SourceUri = image.Uri,
                    SourceETag = image.ETag,
                    Failure = failed ? RowFailure.CorruptImage : null,
                    FailureMessage = failed ? "It is damaged." : null,
                    Caption = failed ? null : new GeneratedText("A caption.", "stop", 3, -0.1),
                },
                cancellationToken);
        }

        return await writer.CompleteAsync(cancellationToken);
    }
}
