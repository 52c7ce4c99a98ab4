using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;

namespace Pipeline.Model.Verification;

/// <summary>Several cases of a model run together: a slot and blocks for each.</summary>
internal sealed class CaseBatch : IDisposable
{
    private readonly ModelRunner _runner;
    private readonly ReferenceCase[] _cases;
    private readonly GenerateWork[] _prompts;

    /// <param name="folder">Checkpoint.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="placement">Where and in which numbers it runs.</param>
    /// <param name="cases">At least one.</param>
    public CaseBatch(string folder, DragonflyConfig config, Placement placement, ReferenceCase[] cases)
    {
        int longest = cases.Max(one => one.PromptIds.Count() + one.Generation.Tokens.Length) + KvLayout.BlockSize, blocks = KvLayout.BlocksFor(longest);
        var processor = new ImageProcessor(config.Version, config.Vision.ImageSize);
        _cases = cases;

        // Blocks of the cases lie between each other's.
        _prompts = [.. cases.Select((one, slot) => new GenerateWork(slot, [.. one.PromptIds], [.. Enumerable.Range(0, blocks).Select(block => (block * cases.Length) + slot)], Picker: null))];
        _runner = new ModelRunner(
            Checkpoint.Open(folder, config), config, SpecialTokens.Of(DragonflyTokenizer.Load(folder)).Newline, new KvLayout(cases.Length, blocks * cases.Length),
            config.ImagePositions + longest, placement);
        _runner.Encode([.. cases.Select((one, slot) => new VisionWork(slot, processor.Process(File.ReadAllBytes(one.DecodedImagePath))))]);
        _runner.PrefillImages([.. Enumerable.Range(0, cases.Length)]);
    }

    private int Longest => _cases.Max(one => one.Generation.Tokens.Length);

    /// <summary>Of each case, its own likeliest tokens: at least as many as the longest has.</summary>
    public List<PickedToken>[] Greedy(int tokensPerStep)
    {
        List<PickedToken>[] answers = First();
        while (answers[0].Count < Longest)
        {
            Append(answers, Decode(answers.Select(answer => (IReadOnlyList<int>)[.. answer.Select(token => token.Id)]), Math.Min(tokensPerStep, Longest - answers[0].Count)));
        }

        return answers;
    }

    /// <summary>Of each case, the likeliest token behind so many of the reference's, for each of them.</summary>
    public List<PickedToken>[] BehindReference()
    {
        List<PickedToken>[] answers = First();
        for (int i = 1; i < Longest; i++)
        {
            Append(answers, Decode(_cases.Select(one => (IReadOnlyList<int>)[.. one.Generation.Tokens.Take(i), .. Enumerable.Repeat(0, Math.Max(0, i - one.Generation.Tokens.Length))]), tokens: 1));
        }

        return [.. answers.Zip(_cases, (answer, one) => answer.Take(one.Generation.Tokens.Length).ToList())];
    }

    public void Dispose() => _runner.Dispose();

    private List<PickedToken>[] First() => [.. _runner.PrefillText(_prompts).Select(first => new List<PickedToken> { ((NextTokens)first).Tokens[0] })];

    private IReadOnlyList<IReadOnlyList<PickedToken>> Decode(IEnumerable<IReadOnlyList<int>> generated, int tokens) => _runner.Decode(
        [.. _prompts.Zip(generated, (prompt, ids) => new DecodeWork(prompt.Slot, prompt.Blocks, prompt.Prompt.Count + ids.Count - 1, ids, Picker: null))], tokens);

    private static void Append(List<PickedToken>[] answers, IReadOnlyList<IReadOnlyList<PickedToken>> next)
    {
        foreach ((List<PickedToken> answer, IReadOnlyList<PickedToken> tokens) in answers.Zip(next))
        {
            answer.AddRange(tokens);
        }
    }
}
