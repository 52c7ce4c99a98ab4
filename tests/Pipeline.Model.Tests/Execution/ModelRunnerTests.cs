using Pipeline.Model.Configuration;
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

/// <summary>The tuned path against the reference and against the plain path.</summary>
public sealed class ModelRunnerTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void All_cases_in_one_batch_get_the_references_tokens(string version)
    {
        string golden = ReferenceData.Folder("golden"), cases = Path.Combine(golden, version, "cases");
        ReferenceCase[] all = [.. (version == "v1" ? GoldenCases.V1Names : GoldenCases.V2Names).Select(name => ReferenceCase.Read(golden, Path.Combine(cases, $"{name}.json")))];
        using var loaded = new LoadedModel(Path.Combine(golden, version, "model"));
        using ModelRunner runner = Runner(loaded, all.Length);
        GenerateWork[] prompts = [.. all.Select((one, slot) => new GenerateWork(
            slot, [.. one.PromptIds], [.. Enumerable.Range(0, 16).Select(block => (block * all.Length) + slot)], Picker: null))]; // blocks of different sequences interleaved

        runner.Encode([.. all.Select((one, slot) => new VisionWork(slot, loaded.Crops(one)))]);
        runner.PrefillImages([.. Enumerable.Range(0, all.Length)]);
        List<int>[] answers = [.. runner.PrefillText(prompts).Select(first => new List<int> { ((NextTokens)first).Tokens[0].Id })];
        for (int step = 1; step < all.Max(one => one.Generation.Tokens.Length); step++)
        {
            var tokens = runner.Decode([.. prompts.Select((prompt, i) => new DecodeWork(prompt.Slot, prompt.Blocks, prompt.Prompt.Count + step - 1, answers[i], Picker: null))], tokens: 1);
            Assert.All(tokens.Index(), one => answers[one.Index].Add(one.Item[0].Id));
        }

        Assert.All(all.Index(), one => Assert.Equal(one.Item.Generation.Tokens, answers[one.Index].Take(one.Item.Generation.Tokens.Length)));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Choices_have_the_probabilities_that_they_have_one_at_a_time(string version)
    {
        string golden = ReferenceData.Folder("golden");
        using var loaded = new LoadedModel(Path.Combine(golden, version, "model"));
        using ModelRunner runner = Runner(loaded, 2);
        ImageCrops[] images = [.. new[] { "square", "wide" }.Select(name => loaded.Crops(ReferenceCase.Read(golden, Path.Combine(golden, version, "cases", $"{name}.json"))))];
        ScoreWork[] works = Questions(loaded, images.Length);

        double[][] together = Score(runner, images, works);

        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        foreach ((int slot, ImageCrops image) in images.Index())
        {
            // The same kernels, one choice at a time: what batching the choices changes.
            Assert.All(works.Index().Where(work => work.Item.Slot == slot), work => AssertClose(OneByOne(runner, work.Item), together[work.Index], 1e-5));

            // The plain path on the same image positions. In float32 either is about this far from the same computed in float64.
            ImageSession oracle = loaded.Session();
            loaded.Cache.Truncate(0);
            foreach ((int layer, LayerKv kv) in runner.Kv.Layers.Index())
            {
                loaded.Cache.Append(layer, kv.ImageKeys.narrow(0, slot, 1), kv.ImageValues.narrow(0, slot, 1));
            }

            loaded.Cache.Advance(loaded.Config.ImagePositions);
            oracle.StartBehindCache();
            AssertEqual(oracle, works, together, slot, 3e-5);

            // From pixels on.
            oracle.Start(image);
            AssertEqual(oracle, works, together, slot, 5e-5);
        }
    }

    [Fact]
    public void Choices_have_the_probabilities_of_the_plain_path_from_pixels_on()
    {
        using var loaded = new LoadedModel(TinyCheckpoint.Shipped);
        using ModelRunner runner = Runner(loaded, 3);
        ImageCrops[] images = [.. Enumerable.Range(0, 3).Select(seed => TestCrops.Random(loaded.Config, new Random(seed)))];
        ScoreWork[] works = Questions(loaded, images.Length);

        double[][] together = Score(runner, images, works);

        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        foreach ((int slot, ImageCrops image) in images.Index())
        {
            ImageSession oracle = loaded.Session();
            oracle.Start(image);
            AssertEqual(oracle, works, together, slot, 1e-5);
        }
    }

    [Fact]
    public void Any_mix_of_prompts_gets_the_plain_paths_answers()
    {
        using var loaded = new LoadedModel(TinyCheckpoint.Shipped);
        DragonflyConfig config = loaded.Config;
        const int Slots = 5, Steps = 6;
        using var runner = new ModelRunner(
            Checkpoint.Open(TinyCheckpoint.Shipped, config), config, loaded.Format.Special.Newline, new KvLayout(Slots, Blocks: 256), config.ImagePositions + 400, Placement.Cpu);
        var random = new Random(7);
        for (int round = 0; round < 12; round++)
        {
            ImageCrops[] images = [.. Enumerable.Range(0, Slots).Select(_ => TestCrops.Random(config, random))];
            int[] blocks = [.. Enumerable.Range(0, 256).OrderBy(_ => random.Next())];
            GenerateWork[] prompts = [.. Enumerable.Range(0, random.Next(1, 10)).Select(i =>
            {
                int[] ids = [.. Enumerable.Range(0, random.Next(1, round == 0 ? 300 : 40)).Select(_ => random.Next(config.Language.VocabSize))];
                return new GenerateWork(random.Next(Slots), ids, [.. blocks.Skip(i * 25).Take(KvLayout.BlocksFor(ids.Length + Steps))], Picker: null);
            })];

            List<int>[] answers = Greedy(runner, images, prompts, Steps);

            using IDisposable inference = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            foreach ((int i, GenerateWork prompt) in prompts.Index())
            {
                ImageSession oracle = loaded.Session();
                oracle.Start(images[prompt.Slot]);
                Assert.Equal(oracle.Generate(prompt.Prompt, Steps, CancellationToken.None, isStop: _ => false).Tokens, answers[i]);
            }
        }
    }

    [Fact]
    public void Equal_crops_are_encoded_once_and_change_nothing()
    {
        using var loaded = new LoadedModel(TinyCheckpoint.Shipped);
        DragonflyConfig config = loaded.Config;
        using var runner = new ModelRunner(
            Checkpoint.Open(TinyCheckpoint.Shipped, config), config, loaded.Format.Special.Newline, new KvLayout(4, Blocks: 16), config.ImagePositions + 100, Placement.Cpu);
        ImageCrops other = TestCrops.Random(config, new Random(3)), half = TestCrops.HalfBlank(other);
        int[] prompt = [5, 6, 7];

        List<int>[] answers = Greedy(
            runner, [TestCrops.Blank(config), other, half, TestCrops.Blank(config)], [.. Enumerable.Range(0, 4).Select(slot => new GenerateWork(slot, prompt, [slot], Picker: null))], 8);

        Assert.Equal(answers[0], answers[3]);
        Assert.Equal(RunnerAnswer.Greedy(runner, TestCrops.Blank(config), prompt, 8).Select(token => token.Id), answers[0]);
        Assert.Equal(RunnerAnswer.Greedy(runner, other, prompt, 8).Select(token => token.Id), answers[1]);
        Assert.Equal(RunnerAnswer.Greedy(runner, half, prompt, 8).Select(token => token.Id), answers[2]);
    }

    private static ModelRunner Runner(LoadedModel loaded, int images) => new(
        Checkpoint.Open(loaded.Folder, loaded.Config), loaded.Config, loaded.Format.Special.Newline, new KvLayout(images, Blocks: 16 * images), loaded.Model.MaxModelLen, Placement.Cpu);

    private static List<int>[] Greedy(ModelRunner runner, ImageCrops[] images, GenerateWork[] prompts, int tokens)
    {
        runner.Encode([.. images.Select((image, slot) => new VisionWork(slot, image))]);
        runner.PrefillImages([.. Enumerable.Range(0, images.Length)]);
        List<int>[] answers = [.. runner.PrefillText(prompts).Select(first => new List<int> { ((NextTokens)first).Tokens[0].Id })];
        for (int step = 1; step < tokens; step++)
        {
            var next = runner.Decode([.. prompts.Select((prompt, i) => new DecodeWork(prompt.Slot, prompt.Blocks, prompt.Prompt.Count + step - 1, answers[i], Picker: null))], tokens: 1);
            Assert.All(next.Index(), one => answers[one.Index].Add(one.Item[0].Id));
        }

        return answers;
    }

    private static ScoreWork[] Questions(LoadedModel loaded, int images)
    {
        (string Question, string[] Choices)[] questions =
        [
            ("What colour is it?", ["red", "green", "a very dark blue with a hint of grey"]),
            ("Is it day?", ["yes", "no"]),
            ("How many?", ["0", "1", "2", "more than two"]),
        ];
        return [.. Enumerable.Range(0, images).SelectMany(slot => questions.Select(question => new ScoreWork(
            slot, loaded.Format.Question(question.Question), [.. question.Choices.Select(choice => (IReadOnlyList<int>)[.. loaded.Tokenizer.Encode(choice), loaded.Format.Special.EndOfTurn])])))];
    }

    private static double[][] Score(ModelRunner runner, ImageCrops[] images, ScoreWork[] works)
    {
        runner.Encode([.. images.Select((image, slot) => new VisionWork(slot, image))]);
        runner.PrefillImages([.. Enumerable.Range(0, images.Length)]);
        return [.. runner.PrefillText(works).Select(result => Probabilities(((ChoiceScores)result).LogLikelihoods))];
    }

    private static void AssertEqual(ImageSession oracle, ScoreWork[] works, double[][] together, int slot, double tolerance)
    {
        foreach ((int i, ScoreWork work) in works.Index().Where(work => work.Item.Slot == slot))
        {
            double[] alone = [.. work.Choices.Select(choice => oracle.Score(work.Prompt, [[.. choice.SkipLast(1)]], CancellationToken.None)[0])];
            AssertClose(Probabilities(alone), together[i], tolerance);
        }
    }

    private static double[] OneByOne(ModelRunner runner, ScoreWork work) =>
        Probabilities([.. work.Choices.Select(choice => ((ChoiceScores)runner.PrefillText([work with { Choices = [choice] }])[0]).LogLikelihoods[0])]);

    private static void AssertClose(double[] expected, double[] actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static double[] Probabilities(double[] logLikelihoods)
    {
        double sum = logLikelihoods.Sum(Math.Exp);
        return [.. logLikelihoods.Select(value => Math.Exp(value) / sum)];
    }
}
