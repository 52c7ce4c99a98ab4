using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Models;

namespace Pipeline.Worker.Shards;

/// <summary>Third stage: has the model answer. Tells an image that the model can't take from a model that can't take any.</summary>
internal sealed class ImageAnswering(IAnnotator annotator, ShardPrompts prompts, ILogger logger)
{
    /// <exception cref="PermanentJobException">No image could be answered: the prompts do not fit the model, or ask for what can't be.</exception>
    /// <exception cref="ModelBrokenException">The model fails on a blank image too.</exception>
    public async Task<ImageWork> AnswerAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (work.Crops is not { } crops)
        {
            return work;
        }

        try
        {
            return Answered(work, await AnswerAsync(work, crops, cancellationToken));
        }
        catch (RowPromptException e)
        {
            return work.Failed(RowFailure.InvalidRow, e.Message);
        }
        catch (InferenceException e) when (e.Stage is not InferenceStage.Scheduling)
        {
            // The engine has tried it alone already.
            return await WriteOffAsync(work, crops, e, cancellationToken);
        }
        catch (Exception e) when (IsOfImage(e))
        {
            Log.InferenceFailed(logger, work.Planned.Uri, FirstLine.Of(e));
        }

        try
        {
            return Answered(work, await AnswerAsync(work, crops, cancellationToken));
        }
        catch (Exception e) when (IsOfImage(e))
        {
            return await WriteOffAsync(work, crops, e, cancellationToken);
        }
    }

    private async Task<ImageWork> WriteOffAsync(ImageWork work, ImageCrops crops, Exception cause, CancellationToken cancellationToken)
    {
        await AssertModelWorksAsync(work, crops, cause, cancellationToken);
        return work.Failed(RowFailure.InferenceFailed, $"The model failed on this image twice: {FirstLine.Of(cause)}");
    }

    private async Task<IReadOnlyList<Answer>> AnswerAsync(ImageWork work, ImageCrops crops, CancellationToken cancellationToken)
    {
        try
        {
            return await annotator.AnswerAsync(crops, prompts.Of(work.Planned).Prompts, cancellationToken);
        }
        catch (Exception e) when (e is PromptTooLongException or ArgumentException)
        {
            // What is asked can't be answered, whatever the image: of this row, or of all.
            throw ShardPrompts.AreOfRow(work.Planned) ? new RowPromptException(e.Message, e) : new PermanentJobException(e.Message, e);
        }
    }

    /// <summary>Rows written off because of a broken model or device would be lost for good: a blank image shows whose fault it is.</summary>
    private async Task AssertModelWorksAsync(ImageWork work, ImageCrops failed, Exception cause, CancellationToken cancellationToken)
    {
        try
        {
            await AnswerAsync(work, failed with { Pixels = new byte[failed.Pixels.Length] }, cancellationToken);
        }
        catch (Exception e) when (IsOfImage(e))
        {
            throw new ModelBrokenException($"The model fails on every image, on a blank one too: {FirstLine.Of(e)}", cause);
        }
    }

    private static bool IsOfImage(Exception e) => e is not (OperationCanceledException or PermanentJobException or RowPromptException or ObjectDisposedException);

    private static ImageWork Answered(ImageWork work, IReadOnlyList<Answer> answers) => work with { Crops = null, Answers = answers };
}
