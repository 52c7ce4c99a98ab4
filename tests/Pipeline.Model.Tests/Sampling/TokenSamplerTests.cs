using Pipeline.Model.Sampling;

namespace Pipeline.Model.Tests.Sampling;

public sealed class TokenSamplerTests
{
    private static readonly float[] s_logits = [1, 3, 2, 0, -1, 3];
    private static readonly SamplingParams s_greedy = new() { MaxTokens = 8 };

    [Fact]
    public void Greedy_takes_the_lowest_id_of_the_likeliest() => Assert.Equal(1, Pick(s_greedy).Id);

    [Fact]
    public void The_reported_probability_is_the_raw_models()
    {
        double expected = 3 - Math.Log(s_logits.Sum(value => Math.Exp(value)));

        Assert.Equal(expected, Pick(s_greedy).LogProbability, 1e-5);
        Assert.Equal(expected, Pick(s_greedy with { Temperature = 0.01, RepetitionPenalty = 1.1 }, prompt: [2]).LogProbability, 1e-5);
    }

    [Theory]
    [InlineData(1.0, 1.0, 0, 0.0)]
    [InlineData(0.5, 1.0, 0, 0.0)]
    [InlineData(1.7, 1.0, 0, 0.0)]
    [InlineData(1.0, 0.7, 0, 0.0)]
    [InlineData(1.0, 1.0, 3, 0.0)]
    [InlineData(1.0, 1.0, 0, 0.2)]
    [InlineData(0.8, 0.9, 4, 0.05)]
    public void Tokens_come_as_often_as_they_should(double temperature, double topP, int topK, double minP)
    {
        const int Draws = 20_000;
        int[] counts = new int[s_logits.Length];
        for (int seed = 0; seed < Draws; seed++)
        {
            counts[Pick(s_greedy with { Temperature = temperature, TopP = topP, TopK = topK, MinP = minP, Seed = seed }).Id]++;
        }

        double[] expected = Expected(s_logits, temperature, topP, topK, minP);
        Assert.All(expected.Index().Where(token => token.Item == 0), token => Assert.Equal(0, counts[token.Index]));
        double chiSquare = expected.Index().Where(token => token.Item > 0).Sum(token => Math.Pow(counts[token.Index] - (Draws * token.Item), 2) / (Draws * token.Item));
        Assert.True(chiSquare < 25.7, $"χ² = {chiSquare}"); // 5 degrees of freedom: 1 in 10,000, and the seeds are fixed
    }

    /// <summary>Heads of a large vocabulary are found without sorting it; they are those that sorting it finds.</summary>
    [Theory]
    [InlineData(0.3, 0.9, 0, 0.0, 4)]
    [InlineData(1.0, 0.9, 0, 0.0, 1)]
    [InlineData(1.0, 0.9999, 0, 0.0, 0.01)]
    [InlineData(1.0, 1.0, 50, 0.0, 1)]
    [InlineData(1.0, 0.8, 1_000, 0.0, 3)]
    [InlineData(1.0, 1.0, 100_000, 0.0, 9)]
    [InlineData(0.7, 0.95, 0, 0.02, 2)]
    [InlineData(1.0, 1.0, 0, 0.3, 2)]
    public void Of_many_tokens_only_those_of_the_head_are_drawn(double temperature, double topP, int topK, double minP, double spread)
    {
        var random = new Random(9);
        float[] logits = [.. Enumerable.Range(0, 5_000).Select(_ => (float)(spread * ((random.NextDouble() * 6) - 3)))];
        SamplingParams sampling = s_greedy with { Temperature = temperature, TopP = topP, TopK = topK, MinP = minP };
        double[] expected = Expected(logits, temperature, topP, topK, minP);

        int[] drawn = [.. Enumerable.Range(0, 300).Select(seed => new TokenSampler(sampling with { Seed = seed }, [], null).Pick([.. logits], []).Id)];

        Assert.All(drawn, id => Assert.True(expected[id] > 0, $"token {id} is not in the head"));
        double mean = expected.Index().Sum(token => token.Item * logits[token.Index]), variance = expected.Index().Sum(token => token.Item * Math.Pow(logits[token.Index] - mean, 2));
        Assert.InRange(drawn.Average(id => (double)logits[id]), mean - (4 * Math.Sqrt(variance / 300)) - 1e-6, mean + (4 * Math.Sqrt(variance / 300)) + 1e-6);
    }

    [Fact]
    public void Of_equals_the_lowest_ids_are_the_head_and_min_p_of_one_leaves_all_of_them()
    {
        float[] logits = [.. Enumerable.Range(0, 1_003).Select(id => id % 3 == 2 ? 5f : 4f)];
        int[] Drawn(SamplingParams sampling) =>
            [.. Enumerable.Range(0, 400).Select(seed => new TokenSampler(sampling with { Temperature = 1, Seed = seed }, [], null).Pick([.. logits], []).Id).Distinct().Order()];

        Assert.Equal([2, 5, 8, 11], Drawn(s_greedy with { TopK = 4 }));
        Assert.All(Drawn(s_greedy with { MinP = 1 }), id => Assert.Equal(2, id % 3));
        Assert.Equal([7], [.. Enumerable.Range(0, 9).Select(seed => new TokenSampler(s_greedy with { Temperature = 1, Seed = seed }, [], null)
            .Pick([1, 2, 3, 4, 5, 6, 7, float.PositiveInfinity], []).Id).Distinct()]);
    }

    [Fact]
    public void Top_k_of_one_and_a_tiny_temperature_and_a_tiny_top_p_are_greedy()
    {
        foreach (SamplingParams sampling in (SamplingParams[])
            [s_greedy with { Temperature = 1, TopK = 1 }, s_greedy with { Temperature = 1e-30 }, s_greedy with { Temperature = 1, TopP = 1e-9 },
            s_greedy with { Temperature = 1, TopK = 1, MinP = 1 }])
        {
            Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(1, Pick(sampling with { Seed = seed }).Id));
        }
    }

    [Fact]
    public void A_penalty_counts_the_prompt_and_the_answer_once_each_and_makes_negative_logits_lower()
    {
        float[] logits = [2, 1.9f, -1, -1.05f];

        Assert.Equal(1, new TokenSampler(s_greedy with { RepetitionPenalty = 1.2 }, prompt: [0, 0, 0], null).Pick([.. logits], []).Id);
        Assert.Equal(0, new TokenSampler(s_greedy with { RepetitionPenalty = 1.2 }, prompt: [0], null).Pick([.. logits], [1]).Id);
        Assert.Equal(3, new TokenSampler(s_greedy with { RepetitionPenalty = 1.2 }, prompt: [], null).Pick([-9, -9, -1, -1.05f], [2]).Id);
    }

    [Fact]
    public void A_step_that_is_run_again_draws_the_same_and_the_next_position_another()
    {
        var sampler = new TokenSampler(s_greedy with { Temperature = 2, Seed = 11 }, [], null);
        int[] Draw() => [.. Enumerable.Range(0, 40).Select(position => sampler.Pick([.. s_logits], [.. Enumerable.Repeat(0, position)]).Id)];

        Assert.Equal(Draw(), Draw());
        Assert.True(Draw().Distinct().Count() > 2);
    }

    [Fact]
    public void What_is_no_number_or_impossible_is_never_chosen()
    {
        float[] logits = [float.NaN, float.NegativeInfinity, -5, float.NegativeInfinity];

        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(2, new TokenSampler(s_greedy with { Temperature = 2, Seed = seed }, [], null).Pick([.. logits], []).Id));
        Assert.Equal(2, new TokenSampler(s_greedy with { RepetitionPenalty = 1.1 }, [], null).Pick([.. logits], []).Id);
        Assert.Throws<InvalidOperationException>(() => new TokenSampler(s_greedy, [], null).Pick([float.NaN, float.NegativeInfinity], []));
    }

    private static PickedToken Pick(SamplingParams sampling, int[]? prompt = null) => new TokenSampler(sampling, prompt ?? [], null).Pick([.. s_logits], []);

    /// <summary>By definition: min_p, then top_k, then top_p over softmax of the scaled logits.</summary>
    private static double[] Expected(float[] logits, double temperature, double topP, int topK, double minP)
    {
        double[] weights = [.. logits.Select(value => Math.Exp(value / temperature))];
        double most = weights.Max();
        weights = [.. weights.Select(weight => weight >= minP * most ? weight : 0)];
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderByDescending(i => weights[i]).ThenBy(i => i)];
        foreach (int i in topK > 0 ? order.Skip(topK) : [])
        {
            weights[i] = 0;
        }

        double sum = 0, all = weights.Sum();
        foreach (int i in order)
        {
            (weights[i], sum) = (sum >= topP * all ? 0 : weights[i], sum + weights[i]);
        }

        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
