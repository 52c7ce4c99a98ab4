using Pipeline.Model.Engine;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Golden;

/// <summary>What the reference implementation computes, this one computes: ids, selections and greedy tokens exactly.</summary>
public abstract class GoldenCaseTests(GoldenModelFixture fixture, string version)
{
    /// <summary>The reference's own error against float64 is below a tenth of this.</summary>
    private const double LogProbabilityTolerance = 2e-3;

    private protected GoldenModel Model { get; } = fixture.Of(version);

    protected void Greedy_tokens_are_the_references(string name)
    {
        GoldenCase golden = GoldenCase.Read(version, name);
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var session = new ImageSession(Model.Model, Model.Format.Special, Model.Cache);
        session.Start(Model.Crops(golden));

        var (tokens, logProbabilities) = session.Generate(golden.PromptIds, golden.GreedyTokens.Length, TestContext.Current.CancellationToken);

        Assert.Equal(golden.GreedyTokens, tokens);
        Assert.All(golden.LogProbabilities.Zip(logProbabilities), pair => Assert.Equal(pair.First, pair.Second, LogProbabilityTolerance));
    }

    protected void Input_ids_are_the_references(string name)
    {
        GoldenCase golden = GoldenCase.Read(version, name);
        IReadOnlyList<int> text = Model.Format.Raw(golden.Prompt);
        using var tensors = new SafetensorsFile(golden.TensorFile);
        using Tensor expected = tensors.Read("input_ids");

        Assert.Equal(golden.PromptIds, text);
        Assert.Equal(expected.data<int>().ToArray(), Model.Format.WithImage(Model.Config, text));
    }

    protected void Image_rows_are_the_references(string name)
    {
        GoldenCase golden = GoldenCase.Read(version, name);
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        using var tensors = new SafetensorsFile(golden.TensorFile);
        Tensor rows = Model.Model.Encode(Model.Crops(golden)).Rows;
        bool all = tensors.Tensors.ContainsKey("patch_embeddings");
        Tensor expected = tensors.Read(all ? "patch_embeddings" : "patch_embeddings_every7");
        Tensor actual = all ? rows : rows.index_select(0, arange(0, rows.size(0), 7, ScalarType.Int64));

        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4f);
    }
}

public sealed class GoldenV1Tests(GoldenModelFixture fixture) : GoldenCaseTests(fixture, "v1"), IClassFixture<GoldenModelFixture>
{
    public static TheoryData<string> Names => [.. GoldenCase.V1Names];

    [Theory, MemberData(nameof(Names))]
    public void Greedy_tokens(string name) => Greedy_tokens_are_the_references(name);

    [Theory, MemberData(nameof(Names))]
    public void Input_ids(string name) => Input_ids_are_the_references(name);

    [Theory, MemberData(nameof(Names))]
    public void Image_rows(string name) => Image_rows_are_the_references(name);

    [Theory, MemberData(nameof(Names))]
    public void Selection(string name)
    {
        GoldenCase golden = GoldenCase.Read("v1", name);
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();

        var encoded = Model.Model.Encode(Model.Crops(golden));

        Assert.Equal(golden.SelectedHighCrops, encoded.KeptHighCrops);
        for (int region = 0; region < 4; region++)
        {
            for (int candidate = 0; candidate < 6; candidate++)
            {
                Assert.Equal(golden.SelectionScores[region][candidate], encoded.SelectionScores![region, candidate], 5e-3);
            }
        }
    }
}

public sealed class GoldenV2Tests(GoldenModelFixture fixture) : GoldenCaseTests(fixture, "v2"), IClassFixture<GoldenModelFixture>
{
    public static TheoryData<string> Names => [.. GoldenCase.V2Names];

    [Theory, MemberData(nameof(Names))]
    public void Greedy_tokens(string name) => Greedy_tokens_are_the_references(name);

    [Theory, MemberData(nameof(Names))]
    public void Input_ids(string name) => Input_ids_are_the_references(name);

    [Theory, MemberData(nameof(Names))]
    public void Image_rows(string name) => Image_rows_are_the_references(name);
}

/// <summary>Loads a golden checkpoint once for the tests of a class.</summary>
public sealed class GoldenModelFixture : IDisposable
{
    private GoldenModel? _model;

    internal GoldenModel Of(string version) => _model ??= new GoldenModel(version, "model");

    public void Dispose() => _model?.Dispose();
}
