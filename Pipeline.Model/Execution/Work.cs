using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Execution;

/// <summary>An image to encode.</summary>
/// <param name="Slot">0 to <see cref="KvLayout.ImageSlots"/> − 1.</param>
/// <param name="Crops">Of the model's number and size.</param>
internal sealed record VisionWork(int Slot, ImageCrops Crops);

/// <summary>A prompt to run behind an image whose keys and values lie in a slot.</summary>
/// <param name="Slot">The image's.</param>
/// <param name="Prompt">Ids from BOS on.</param>
internal abstract record TextWork(int Slot, IReadOnlyList<int> Prompt);

/// <summary>A prompt whose answer is generated.</summary>
/// <param name="Slot">The image's.</param>
/// <param name="Prompt">Ids from BOS on.</param>
/// <param name="Blocks">Blocks that take the keys and values of the text, enough for prompt and whole answer; position i behind the image lies in block i / <see cref="KvLayout.BlockSize"/>.</param>
/// <param name="Picker">Null: greedy.</param>
internal sealed record GenerateWork(int Slot, IReadOnlyList<int> Prompt, IReadOnlyList<int> Blocks, ITokenPicker? Picker) : TextWork(Slot, Prompt);

/// <summary>A prompt whose answer is one of several; needs no blocks, for nothing runs behind it.</summary>
/// <param name="Slot">The image's.</param>
/// <param name="Prompt">Ids from BOS on.</param>
/// <param name="Choices">Ids of each choice, the end of turn included; at least two ids each, one of the choice and the end of turn.</param>
internal sealed record ScoreWork(int Slot, IReadOnlyList<int> Prompt, IReadOnlyList<IReadOnlyList<int>> Choices) : TextWork(Slot, Prompt);

/// <summary>A sequence to go on with.</summary>
/// <param name="Slot">The image's.</param>
/// <param name="Blocks">As of its <see cref="GenerateWork"/>; enough for all tokens that the step gives it.</param>
/// <param name="Length">Text positions whose keys and values are in the blocks: all before the last token.</param>
/// <param name="Generated">Ids of the answer so far; the last is the token to run.</param>
/// <param name="Picker">Null: greedy.</param>
internal sealed record DecodeWork(int Slot, IReadOnlyList<int> Blocks, int Length, IReadOnlyList<int> Generated, ITokenPicker? Picker);

/// <summary>What came of a <see cref="TextWork"/>.</summary>
internal abstract record TextResult;

/// <summary>The next tokens of an answer, at least one; whatever stands behind one that ends it is to be dropped.</summary>
internal sealed record NextTokens(IReadOnlyList<PickedToken> Tokens) : TextResult;

/// <summary>Scores of the choices.</summary>
/// <param name="LogLikelihoods">Natural log of each choice's probability, its end of turn included.</param>
internal sealed record ChoiceScores(double[] LogLikelihoods) : TextResult;
