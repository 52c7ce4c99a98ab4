using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using Pipeline.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>Losses of the plain network on crops and on images with their turns.</summary>
/// <param name="model">Over <see cref="TrainableWeights"/>.</param>
/// <param name="newline">Id of the newline token.</param>
internal sealed class DragonflyTrainer(DragonflyModel model, int newline)
{
    /// <summary>Of the crops' loss beside the answers'.</summary>
    private const double CropShare = 0.1;

    private readonly DragonflyConfig _config = model.Config;

    /// <summary>Crops through tower, projection and heads.</summary>
    public CropResult Crops(CropBatch batch, CropHeads heads)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = model.Images.Tower.Forward(Pixels(batch.Pixels, batch.Count));
        CropResult result = heads.Forward(model.Images.Project(features), batch.Labels);
        result.Loss.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>Images and all their turns; all images show equally many crops.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="heads">Go on telling the tower what lies on the crops, so that it forgets nothing that no answer has needed yet; null: answers alone teach.</param>
    public ImageResult Images(IReadOnlyList<TrainingImage> images, CropHeads? heads = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int crops = images[0].Crops.Length;
        Tensor features = model.Images.Tower.Forward(Pixels([.. images.SelectMany(image => image.Pixels)], images.Count * crops));
        List<Tensor> embeddings = [], selectionLosses = [];
        int[] blocks = _config.Version == DragonflyVersion.V1 ? [.. _config.ImageBlocks] : [_config.Vision.Tokens, .. Enumerable.Repeat(_config.PooledTokens, crops - 1)];
        int length = images.Max(image => image.Turns.Ids.Length);
        PackedTurns[] turns = [.. images.Select(image => image.Turns.PadTo(length))];
        Tensor end = model.Language.Embed([newline]);
        foreach (var (index, image) in images.Index())
        {
            Tensor own = features.narrow(0, index * crops, crops);
            EncodedImage encoded = model.Images.Encode(own);
            embeddings.Add(cat([ImageRows.WithNewlines(encoded.Rows, blocks, end), model.Language.Embed(turns[index].Ids)]));
            if (image.Selection.Any(target => target >= 0))
            {
                selectionLosses.Add(SelectionLoss(model.Images.Project(own), image.Selection));
            }
        }

        long[] positions = [.. images.SelectMany((image, index) => ImagePositions(image.Crops, blocks).Concat(turns[index].Positions))];
        int imageLength = blocks.Sum() + blocks.Length;
        Tensor logits = Logits(stack(embeddings), tensor(positions, [images.Count, imageLength + length]), Mask(turns, imageLength), imageLength);
        Tensor targets = tensor(turns.SelectMany(turn => turn.Targets).ToArray());
        Tensor weights = tensor(turns.SelectMany(turn => turn.Weights).ToArray());
        Tensor tokens = nn.functional.cross_entropy(logits, targets, ignore_index: TrainingText.Ignored, reduction: nn.Reduction.None).mul(weights).sum().div(weights.sum());
        Tensor loss = selectionLosses.Count == 0 ? tokens : tokens + stack(selectionLosses).mean();
        if (heads is not null)
        {
            CropResult told = heads.Forward(model.Images.Project(features), CropLabels.Concat([.. images.Select(image => image.Labels)]));
            loss += told.Loss.mul(CropShare);
        }

        using IDisposable plain = no_grad();
        bool[] right = logits.argmax(1).eq(targets).logical_or(targets.eq(TrainingText.Ignored)).data<bool>().ToArray();
        IEnumerable<TurnResult> answers = images.SelectMany((image, row) => image.Topics.Select((topic, turn) => new TurnResult(
            topic, Enumerable.Range(0, length).All(column => turns[row].Turns[column] != turn || right[(row * length) + column]))));
        return new ImageResult(loss.MoveToOuterDisposeScope(), tokens.item<float>(), [.. answers]);
    }

    private Tensor Logits(Tensor embeddings, Tensor positions, Tensor mask, int imageLength)
    {
        using DisposeScope scope = NewDisposeScope();
        using RotaryTables rotary = model.Language.Rotary.At(positions);
        Tensor hidden = model.Language.Forward(embeddings, new AttentionContext(null, rotary, mask));
        Tensor text = hidden.narrow(1, imageLength, hidden.size(1) - imageLength);
        return model.Language.Logits(text.reshape(-1, text.size(2))).MoveToOuterDisposeScope();
    }

    /// <summary>True positions of the shown crops' blocks: hidden crops leave gaps.</summary>
    private IEnumerable<long> ImagePositions(int[] crops, int[] blocks)
    {
        if (_config.Version == DragonflyVersion.V1)
        {
            return Enumerable.Range(0, blocks.Sum() + blocks.Length).Select(position => (long)position);
        }

        long Start(int crop) => crop == 0 ? 0 : _config.Vision.Tokens + 1 + ((crop - 1) * (_config.PooledTokens + 1L));
        return crops.SelectMany((crop, block) => Enumerable.Range(0, blocks[block] + 1).Select(row => Start(crop) + row));
    }

    /// <summary>Image rows see what comes before them; text sees the image, and its own turn up to itself.</summary>
    /// <returns><c>[batch, 1, length, length]</c></returns>
    private static Tensor Mask(PackedTurns[] turns, int imageLength)
    {
        using DisposeScope scope = NewDisposeScope();
        int length = imageLength + turns[0].Ids.Length;
        // The image is turn −2 of its own, which all see; padding is −1, and sees the image, so that no row is empty.
        long[] numbers = [.. turns.SelectMany(turn => Enumerable.Repeat(-2L, imageLength).Concat(turn.Turns))];
        Tensor number = tensor(numbers, [turns.Length, length]);
        Tensor same = number.unsqueeze(2).eq(number.unsqueeze(1)).logical_or(number.unsqueeze(1).eq(-2));
        Tensor causal = ones([length, length], ScalarType.Bool).tril_();
        return AttentionMasks.FromVisible(same.logical_and(causal).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Cross-entropy of a middle crop's six scores, divided by √width, against the candidate that holds the detail. Training only: picking
    /// passes no gradient, so by itself the selection learns nothing.
    /// </summary>
    private static Tensor SelectionLoss(Tensor projected, IReadOnlyList<int> wanted)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scores = ZoomSelection.Compare(projected).div(Math.Sqrt(projected.size(2)));
        Tensor targets = tensor(wanted.Select(target => target < 0 ? TrainingText.Ignored : target).ToArray());
        return nn.functional.cross_entropy(scores, targets, ignore_index: TrainingText.Ignored).MoveToOuterDisposeScope();
    }

    private Tensor Pixels(byte[] pixels, int crops)
    {
        long size = _config.Vision.ImageSize;
        return tensor(pixels, [crops, size, size, 3], ScalarType.Byte);
    }
}

/// <summary>Loss of a batch of images.</summary>
/// <param name="Loss">A scalar tensor; v1's holds the selection's loss as well, and that of the crops where it is asked for.</param>
/// <param name="TokenLoss">Mean cross-entropy of the answers' tokens, by their weights.</param>
/// <param name="Turns">Every answer.</param>
internal sealed record ImageResult(Tensor Loss, double TokenLoss, IReadOnlyList<TurnResult> Turns);

/// <summary>Whether an answer is right to its last token: then it is what the model writes by itself too, greedily.</summary>
internal readonly record struct TurnResult(string Topic, bool IsRight);
