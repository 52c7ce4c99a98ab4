using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tests.Golden;
using Pipeline.Model.Verification;
using Pipeline.Model.Weights;
using Pipeline.TestServers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

/// <summary>What a graphics card would run, run on the CPU's versions of the same operators.</summary>
public sealed class DeviceKernelTests
{
    private static readonly Placement s_float = Placement.Cpu with { UsesDeviceKernels = true };

    [Theory]
    [InlineData("v1", 1)]
    [InlineData("v2", 1)]
    [InlineData("v1", 5)]
    [InlineData("v2", 5)]
    public void All_cases_in_one_batch_get_the_references_tokens(string version, int tokensPerStep)
    {
        string golden = ReferenceData.Folder("golden"), cases = Path.Combine(golden, version, "cases");
        ReferenceCase[] all = [.. (version == "v1" ? GoldenCases.V1Names : GoldenCases.V2Names).Select(name => ReferenceCase.Read(golden, Path.Combine(cases, $"{name}.json")))];
        using var loaded = new LoadedModel(Path.Combine(golden, version, "model"));
        using ModelRunner runner = Runner(loaded, all.Length, s_float);
        GenerateWork[] prompts = [.. all.Select((one, slot) => new GenerateWork(
            slot, [.. one.PromptIds], [.. Enumerable.Range(0, 16).Select(block => (block * all.Length) + slot)], Picker: null))];

        List<int>[] answers = Greedy(runner, [.. all.Select(loaded.Crops)], prompts, all.Max(one => one.Generation.Tokens.Length), tokensPerStep);

        Assert.All(all.Index(), one => Assert.Equal(one.Item.Generation.Tokens, answers[one.Index].Take(one.Item.Generation.Tokens.Length)));
    }

    [Fact]
    public void Any_mix_of_prompts_gets_the_plain_paths_answers()
    {
        using var loaded = new LoadedModel(TinyCheckpoint.Shipped);
        const int Slots = 5, Tokens = 7;
        using ModelRunner runner = Runner(loaded, Slots, s_float);
        var random = new Random(11);
        for (int round = 0; round < 6; round++)
        {
            ImageCrops[] images = [.. Enumerable.Range(0, Slots).Select(_ => TestCrops.Random(loaded.Config, random))];
            int[] blocks = [.. Enumerable.Range(0, Slots * 16).OrderBy(_ => random.Next())];
            GenerateWork[] prompts = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i =>
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(1, 120)).Select(_ => random.Next(loaded.Config.Language.VocabSize))];
                return new GenerateWork(random.Next(Slots), ids, [.. blocks.Skip(i * 9).Take(KvLayout.BlocksFor(ids.Length + Tokens + 3))], Picker: null);
            })];

            List<int>[] answers = Greedy(runner, images, prompts, Tokens, tokensPerStep: 1 + (round % 4));

            using IDisposable inference = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            foreach ((int i, GenerateWork prompt) in prompts.Index())
            {
                ImageSession oracle = loaded.Session();
                oracle.Start(images[prompt.Slot]);
                Assert.Equal(oracle.Generate(prompt.Prompt, Tokens, CancellationToken.None, isStop: _ => false).Tokens, answers[i].Take(Tokens));
            }
        }
    }

    [Fact]
    public void Choices_have_the_plain_paths_probabilities()
    {
        using var loaded = new LoadedModel(TinyCheckpoint.Shipped);
        using ModelRunner runner = Runner(loaded, 2, s_float);
        ImageCrops[] images = [TestCrops.Random(loaded.Config, new Random(1)), TestCrops.Random(loaded.Config, new Random(2))];
        ScoreWork[] works = [.. Enumerable.Range(0, 2).Select(slot => new ScoreWork(
            slot, loaded.Format.Question("What colour is it?"),
            [.. new[] { "red", "green", "a dark blue" }.Select(choice => (IReadOnlyList<int>)[.. loaded.Tokenizer.Encode(choice), loaded.Format.Special.EndOfTurn])]))];
        Prefill(runner, images);

        IReadOnlyList<TextResult> scores = runner.PrefillText(works);

        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        foreach ((int i, ScoreWork work) in works.Index())
        {
            ImageSession oracle = loaded.Session();
            oracle.Start(images[work.Slot]);
            double[] alone = [.. work.Choices.Select(choice => oracle.Score(work.Prompt, [[.. choice.SkipLast(1)]], CancellationToken.None)[0])];
            Assert.All(alone.Zip(((ChoiceScores)scores[i]).LogLikelihoods), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    /// <summary>The reference's own run in bfloat16 moves logits by up to 1.6 against the same weights in float32 arithmetic (golden README, "bf16").</summary>
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void In_bfloat16_the_references_first_tokens_are_as_likely(string version)
    {
        string golden = ReferenceData.Folder("golden");
        using var loaded = new LoadedModel(Path.Combine(golden, version, "model"));
        using ModelRunner exact = Runner(loaded, 1, s_float), half = Runner(loaded, 1, new Placement(CPU, ScalarType.BFloat16));
        ReferenceCase one = ReferenceCase.Read(golden, Path.Combine(golden, version, "cases", "square.json"));
        int[] expected = one.Generation.Tokens;
        ScoreWork work = new(0, [.. one.PromptIds], [[expected[0], expected[1]]]);

        double[] scores = [.. new[] { exact, half }.Select(runner =>
        {
            Prefill(runner, [loaded.Crops(one)]);
            return ((ChoiceScores)runner.PrefillText([work])[0]).LogLikelihoods[0];
        })];

        Assert.Equal(scores[0], scores[1], 1.6);
        Assert.NotEqual(scores[0], scores[1]);
    }

    private static ModelRunner Runner(LoadedModel loaded, int images, Placement placement) => new(
        Checkpoint.Open(loaded.Folder, loaded.Config), loaded.Config, loaded.Format.Special.Newline, new KvLayout(images, Blocks: 16 * images), loaded.Model.MaxModelLen, placement);

    private static void Prefill(ModelRunner runner, ImageCrops[] images)
    {
        runner.Encode([.. images.Select((image, slot) => new VisionWork(slot, image))]);
        runner.PrefillImages([.. Enumerable.Range(0, images.Length)]);
    }

    private static List<int>[] Greedy(ModelRunner runner, ImageCrops[] images, GenerateWork[] prompts, int tokens, int tokensPerStep)
    {
        Prefill(runner, images);
        List<int>[] answers = [.. runner.PrefillText(prompts).Select(first => new List<int> { ((NextTokens)first).Tokens[0].Id })];
        while (answers[0].Count < tokens)
        {
            var next = runner.Decode(
                [.. prompts.Select((prompt, i) => new DecodeWork(prompt.Slot, prompt.Blocks, prompt.Prompt.Count + answers[i].Count - 1, answers[i], Picker: null))], tokensPerStep);
            Assert.All(next.Index(), one => answers[one.Index].AddRange(one.Item.Select(token => token.Id)));
        }

        return answers;
    }
}
