using Pipeline.Model.Configuration;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Engine;

/// <summary>Turns a question into the ids that follow the image: BOS, then Llama 3's chat headers.</summary>
/// <remarks>
/// The template is the one of the reference's training data (<c>pipeline/data_utils/data.py</c>) and README; its test script leaves
/// out the two newlines at the end, which the model would then have to write itself.
/// </remarks>
internal sealed class PromptFormat(DragonflyTokenizer tokenizer)
{
    public SpecialTokens Special { get; } = SpecialTokens.Of(tokenizer);

    public IReadOnlyList<int> Question(string text) => Raw(
        $"<|start_header_id|>user<|end_header_id|>\n\n{text}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n");

    /// <summary>Ids of a prompt that has its headers already.</summary>
    public IReadOnlyList<int> Raw(string prompt) => [Special.Begin, .. tokenizer.Encode(prompt)];

    /// <summary>All input ids of a prompt as the reference's processor makes them: image blocks, then text.</summary>
    public IReadOnlyList<int> WithImage(DragonflyConfig config, IReadOnlyList<int> text) =>
        [.. config.ImageBlocks.SelectMany(rows => Enumerable.Repeat(Special.Placeholder, rows).Append(Special.Newline)), .. text];
}
