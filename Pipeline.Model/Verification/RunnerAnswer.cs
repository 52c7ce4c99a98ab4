using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;

namespace Pipeline.Model.Verification;

/// <summary>One image and one prompt on a model runner, without an engine around it.</summary>
internal static class RunnerAnswer
{
    /// <summary>Greedy tokens, however many are asked for: stop tokens end nothing.</summary>
    public static IReadOnlyList<PickedToken> Greedy(IModelRunner runner, ImageCrops crops, IReadOnlyList<int> prompt, int tokens)
    {
        const int Slot = 0;
        int[] blocks = [.. Enumerable.Range(0, KvLayout.BlocksFor(prompt.Count + tokens))];
        runner.Encode([new VisionWork(Slot, crops)]);
        runner.PrefillImages([Slot]);
        List<PickedToken> answer = [((NextTokens)runner.PrefillText([new GenerateWork(Slot, prompt, blocks, Picker: null)])[0]).Tokens[0]];
        while (answer.Count < tokens)
        {
            int[] generated = [.. answer.Select(token => token.Id)];
            answer.Add(runner.Decode([new DecodeWork(Slot, blocks, prompt.Count + answer.Count - 1, generated, Picker: null)], tokens: 1)[0][0]);
        }

        return answer;
    }
}
