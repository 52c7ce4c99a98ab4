using Pipeline.Model.Configuration;
using Pipeline.Model.Scheduling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Engine;

/// <summary>Judges requests and makes token ids of them, on the caller's thread: what waits for the engine can be run.</summary>
/// <param name="config">Of the model.</param>
/// <param name="limits">Of the engine.</param>
/// <param name="tokenizer">The checkpoint's.</param>
/// <param name="policy">Finds who picks the tokens.</param>
internal sealed class RequestReader(DragonflyConfig config, EngineLimits limits, DragonflyTokenizer tokenizer, AnswerPolicy policy)
{
    private readonly PromptFormat _format = new(tokenizer);

    /// <exception cref="ArgumentException">Crops, choices or sampling that no model, or not this one, can take.</exception>
    /// <exception cref="PromptTooLongException">A prompt and its answer do not fit a sequence.</exception>
    public ScheduledRequest Read(ImageRequest request)
    {
        Imaging.ImageCrops crops = request.Crops;
        if (crops.Count != config.Crops || crops.Size != config.Vision.ImageSize || crops.Pixels.Length != crops.Count * crops.Size * crops.Size * 3)
        {
            throw new ArgumentException(
                $"The image was cut into {crops.Count} crops of {crops.Size} pixels ({crops.Pixels.Length:N0} bytes), and this model takes "
                + $"{config.Crops} of {config.Vision.ImageSize}: cut it with the ImageProcessor of the same engine.", nameof(request));
        }

        if (request.Prompts.Count == 0)
        {
            throw new ArgumentException("Nothing is asked of the image: add a prompt.", nameof(request));
        }

        _ = crops.Hashes; // computed here, so that the engine's thread need not
        return new ScheduledRequest(crops, [.. request.Prompts.Select(Read)]);
    }

    private PromptTask Read(Prompt prompt)
    {
        PromptCheck.ThrowIfInvalid(prompt);
        IReadOnlyList<int> ids = _format.Question(prompt.Text);
        switch (prompt)
        {
            case GeneratePrompt generate:
                ThrowIfTooLong((long)ids.Count + generate.Sampling.MaxTokens);
                return new Sequence(generate, ids, policy.PickerFor(generate.Sampling, generate.Shape, ids), limits.NumDecodeSteps - 1);
            case ScorePrompt score:
                IReadOnlyList<int>[] choices = [.. score.Choices.Select(choice => (IReadOnlyList<int>)[.. tokenizer.Encode(choice), _format.Special.EndOfTurn])];
                ThrowIfTooLong((long)ids.Count + choices.Max(choice => choice.Count));
                ThrowIfTooManyTokens(score, ScoreTask.TokensOf(ids, choices));
                return new ScoreTask(ids, choices);
            default:
                throw new ArgumentException($"A {prompt.GetType().Name} is neither generated nor scored.", nameof(prompt));
        }
    }

    private void ThrowIfTooLong(long behindImage)
    {
        if (config.ImagePositions + behindImage > limits.MaxModelLen)
        {
            throw new PromptTooLongException((int)Math.Min(int.MaxValue, config.ImagePositions + behindImage), limits.MaxModelLen);
        }
    }

    /// <summary>Choices are scored all in one pass.</summary>
    private void ThrowIfTooManyTokens(ScorePrompt prompt, int tokens)
    {
        if (tokens > limits.MaxNumBatchedTokens)
        {
            throw new ArgumentException(
                $"The {prompt.Choices.Count} choices of '{prompt.Text}' and the prompt are {tokens:N0} tokens together, and max_num_batched_tokens "
                + $"is {limits.MaxNumBatchedTokens:N0}: shorten the choices, or raise the limit.", nameof(prompt));
        }
    }
}
