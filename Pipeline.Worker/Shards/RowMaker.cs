using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Reuse;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Sources;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Shards;

/// <summary>Makes rows of images: read → decode → answer, or take an earlier answer over, several images ahead in each stage.</summary>
internal sealed class RowMaker(ShardContext work, IAnnotator annotator, WorkerOptions limits, StorePatience patience, ILogger logger, EarlierAnswers? earlier = null, ShardPictures? pictures = null)
{
    private readonly ShardPrompts _prompts = new(work.Spec);

    /// <summary>One row an image, in their order.</summary>
    public IAsyncEnumerable<AnnotationRow> MakeAsync(IEnumerable<PlannedImage> images, CancellationToken cancellationToken)
    {
        var reading = new ImageReader(new ImageOpener(work.Stores, work.Spec), limits.MaxImageBytes, patience, work.Spec.EmbedImages);
        var decoding = new ImageDecoding(annotator, new ImageFilter(work.Spec));
        var reuse = new AnswerReuse(work.Spec, _prompts, earlier, patience);
        var answering = new ImageAnswering(annotator, _prompts, logger);
        var shard = Activity.Current?.Context ?? default;
        var planned = images.Select(image => new ImageWork(image)).ToAsyncEnumerable();
        var read = new ObservedStage("read", shard).RunAsync(planned, limits.ReadAhead, (image, token) => reading.ReadAsync(image.Planned, token), cancellationToken);
        var decoded = new ObservedStage("decode", shard).RunAsync(read, limits.DecodeAhead, decoding.DecodeAsync, cancellationToken);
        // A stage that has nothing to do would only hold more decoded images.
        var found = earlier is null ? decoded : decoded.SelectAheadAsync(limits.ReadAhead, reuse.FindAsync, cancellationToken);
        return new ObservedStage("answer", shard).RunAsync(found, limits.AnswerAhead ?? annotator.MaxNumSeqs * 5 / 4, answering.AnswerAsync, cancellationToken).Select(RowOf);
    }

    /// <summary>The row of an image that killed its worker whenever it was worked on.</summary>
    public AnnotationRow WriteOff(PlannedImage image) => RowOf(new ImageWork(image).Failed(
        RowFailure.WorkerCrashed, "The worker process died on this image, also when it worked on nothing else: look at the image, and at the log of the worker's end."));

    private AnnotationRow RowOf(ImageWork work)
    {
        var row = _prompts.Of(work.Planned).RowOf(work);
        pictures?.Add(row, work.Overview);
        return row;
    }
}
