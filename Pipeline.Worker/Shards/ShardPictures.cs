using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Rows;
using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Shards;

/// <summary>
/// Keeps small pictures of the rows of a shard that its job's page can show, and writes them beside the commit. They are made of pixels that were decoded for the model, and
/// without them the shard is as good: nothing here fails it, or holds it up for long.
/// </summary>
internal sealed class ShardPictures(TimeProvider time, ILogger logger)
{
    /// <summary>Longest side in pixels: a page shows them at half of that, also where a pixel of its own has four of the screen's.</summary>
    public const int Side = 128;

    /// <summary>A store in trouble is waited for when the shard is committed, and not here.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly List<KeyValuePair<string, byte[]>> _pictures = [];
    private int _annotated, _failed;

    /// <summary>Rows come in the order in which they are made.</summary>
    /// <param name="row">Annotated, or a failure.</param>
    /// <param name="overview">Null if its image could not be decoded.</param>
    public void Add(AnnotationRow row, ImageOverview? overview)
    {
        if (overview is null || (row.Failure is null ? _annotated >= ShardPreviews.Annotated : _failed >= ShardPreviews.Failed))
        {
            return;
        }

        try
        {
            _pictures.Add(new(row.Id, Thumbnail.Jpeg(overview, Side)));
        }
        catch (NetVips.VipsException)
        {
            // A picture less: the row is as good without.
            return;
        }

        _ = row.Failure is null ? _annotated++ : _failed++;
    }

    /// <summary>Writes what there is, to what an earlier version of the dataset has where only some rows were made again.</summary>
    public async Task WriteAsync(ShardContext work, CancellationToken cancellationToken)
    {
        if (_pictures.Count == 0)
        {
            return;
        }

        using var over = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            var earlier = work.Version == 1 ? null : await ShardPreviews.FindAsync(work.Output, work.Shard.Index, either.Token);
            var previews = ShardPreviews.Of([.. _pictures, .. earlier?.Pictures ?? new Dictionary<string, byte[]>()]);
            await previews.WriteAsync(work.Output, work.Shard.Index, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NoPictures(logger, work.Shard.Index, work.Plan.JobId, FirstLine.Of(e));
        }
    }
}
