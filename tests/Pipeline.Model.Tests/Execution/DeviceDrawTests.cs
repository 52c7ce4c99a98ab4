using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using Pipeline.Model.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

/// <summary>Drawn where the logits are, a row gets the token that the host would draw.</summary>
public sealed class DeviceDrawTests
{
    private static readonly SamplingParams s_plain = new() { MaxTokens = 100, Temperature = 1 };

    public static TheoryData<SamplingParams> Ways => [
        s_plain,
        s_plain with { Temperature = 0.3 },
        s_plain with { MinP = 0.05, Temperature = 2 },
        s_plain with { TopK = 1 },
        s_plain with { TopK = 7, Temperature = 1.5 },
        s_plain with { TopP = 0.4 },
        s_plain with { TopP = 0.9, TopK = 20, MinP = 0.01 },
    ];

    public DeviceDrawTests() => TorchRuntime.EnsureLoaded();

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_hosts_tokens(SamplingParams way)
    {
        const int Rows = 40, Vocabulary = 500, Tokens = 5;
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(3);
        DrawnRow[] rows = [.. Enumerable.Range(0, Rows).Select(i => new DrawnRow(i, Generated: i % 9, way with { Seed = i }))];
        var draw = new DeviceDraw(rows, Tokens, CPU);
        for (int token = 0; token < Tokens; token++)
        {
            Tensor logits = randn([Rows, Vocabulary], generator: generator).mul_(3);

            long[] drawn = draw.From(logits, token).data<long>().ToArray();

            Assert.Equal(rows.Select(row => Host(row, token, logits)), drawn.Select(id => (int)id));
        }
    }

    [Fact]
    public void Rows_of_all_ways_together_get_what_each_gets_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        SamplingParams[] ways = [.. Ways.Select(way => way.Data)];
        Tensor logits = randn([ways.Length, 300]).mul_(2);
        DrawnRow[] rows = [.. ways.Select((way, i) => new DrawnRow(i, 0, way with { Seed = 100 + i }))];

        long[] together = new DeviceDraw(rows, 1, CPU).From(logits, 0).data<long>().ToArray();

        Assert.Equal(rows.Select(row => new DeviceDraw([row], 1, CPU).From(logits.narrow(0, row.Row, 1), 0).item<long>()), together);
    }

    [Fact]
    public void Equally_likely_tokens_are_ranked_by_id()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = zeros([200, 50]);
        DrawnRow[] rows = [.. Enumerable.Range(0, 200).Select(i => new DrawnRow(i, 0, s_plain with { TopK = 3, Seed = i }))];

        long[] drawn = new DeviceDraw(rows, 1, CPU).From(logits, 0).data<long>().ToArray();

        Assert.Equal([0L, 1L, 2L], drawn.Distinct().Order());
    }

    private static int Host(DrawnRow row, int token, Tensor logits) =>
        new TokenSampler(row.Sampling, [], null).Pick(logits[row.Row].data<float>().ToArray(), new int[row.Generated + token]).Id;
}
