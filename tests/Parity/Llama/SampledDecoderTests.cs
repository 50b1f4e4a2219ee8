using FlexEdit.Models.Llama;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llama;

public sealed class SampledDecoderTests
{
    private const int Draws = 20_000;

    // Softmax of 0, ln 2, ln 4, ln 8 divided by 15 and so on can be done by hand.
    private static readonly float[] s_scores = [0, MathF.Log(2), MathF.Log(8), MathF.Log(4), MathF.Log(1)];

    public static TheoryData<double, int, double, double[]> Distributions => new()
    {
        { 1, 0, 1, [1 / 16.0, 2 / 16.0, 8 / 16.0, 4 / 16.0, 1 / 16.0] },
        { 0.5, 0, 1, [1 / 86.0, 4 / 86.0, 64 / 86.0, 16 / 86.0, 1 / 86.0] },
        { 1, 2, 1, [0, 0, 8 / 12.0, 4 / 12.0, 0] },
        { 1, 1, 1, [0, 0, 1, 0, 0] },
        // Two tokens are as likely as the fourth of four: both stay.
        { 1, 4, 1, [1 / 16.0, 2 / 16.0, 8 / 16.0, 4 / 16.0, 1 / 16.0] },
        { 1, 9, 1, [1 / 16.0, 2 / 16.0, 8 / 16.0, 4 / 16.0, 1 / 16.0] },
        { 1, 0, 0.7, [0, 0, 8 / 12.0, 4 / 12.0, 0] },
        { 1, 0, 0.8, [0, 2 / 14.0, 8 / 14.0, 4 / 14.0, 0] },
        { 1, 0, 0.01, [0, 0, 1, 0, 0] },
        // Of what top-k leaves, the first token alone has 2/3.
        { 1, 2, 0.6, [0, 0, 1, 0, 0] },
        { 0.5, 3, 0.9, [0, 0, 64 / 80.0, 16 / 80.0, 0] },
    };

    [Theory, MemberData(nameof(Distributions))]
    public void Tokens_are_drawn_from_the_computed_distribution(double temperature, int topK, double topP, double[] expected)
    {
        using var scope = NewDisposeScope();
        var options = new SamplingOptions { MaxNewTokens = 1, Temperature = temperature, TopK = topK, TopP = topP };

        var probabilities = SampledDecoder.Probabilities(tensor(s_scores).unsqueeze(0), options);

        probabilities.squeeze(0).ShouldMatch(tensor(expected.Select(p => (float)p).ToArray()), 1e-5);
    }

    [Fact]
    public void Answers_have_the_frequencies_of_the_networks_own_probabilities()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = network.Embed(tensor(new long[,] { { 5, 6, 7 } }));
        var options = new SamplingOptions { MaxNewTokens = 1, Temperature = 0.8, TopK = 6, TopP = 0.9, Seed = 4 };
        var states = network.Forward(prompt);
        var expected = SampledDecoder.Probabilities(network.Logits(states.narrow(1, 2, 1)).squeeze(1), options).squeeze(0).data<float>().ToArray();

        var answers = SampledDecoder.Decode(network, prompt.expand(Draws, -1, -1), options);

        var counts = answers.Ids.CountBy(ids => ids.Single()).ToDictionary(c => c.Key, c => c.Value);
        var drawn = Enumerable.Range(0, expected.Length).Where(id => expected[id] > 0).ToArray();
        drawn.Length.ShouldBeInRange(2, 6);
        counts.Keys.ShouldBe(drawn.Select(id => (long)id), ignoreOrder: true);
        // Pearson's statistic of at most five degrees of freedom passes 25 once in 7,000 times; the seed makes it the same number every time.
        drawn.Sum(id => Math.Pow(counts[id] - (Draws * expected[id]), 2) / (Draws * expected[id])).ShouldBeLessThan(25);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answer_with_and_without_a_cache()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = network.Embed(tensor(new long[,] { { 5, 6, 7 } }));
        var options = new SamplingOptions { MaxNewTokens = 20, Temperature = 1.5, Seed = 11 };

        var answer = SampledDecoder.Decode(network, prompt, options);

        answer.Ids[0].Count.ShouldBe(20);
        SampledDecoder.Decode(network, prompt, options).Ids[0].ShouldBe(answer.Ids[0]);
        SampledDecoder.Decode(network, prompt, options with { UseCache = false }).Ids[0].ShouldBe(answer.Ids[0]);
        SampledDecoder.Decode(network, prompt, options with { Seed = 12 }).Ids[0].ShouldNotBe(answer.Ids[0]);
        SampledDecoder.Decode(network, prompt, options with { TopK = 1 }).Ids[0]
            .ShouldBe(GreedyDecoder.Decode(network, prompt, new GreedyOptions { MaxNewTokens = 20 }).Ids[0]);
    }

    [Fact]
    public void Answers_end_with_a_stop_token_or_a_stop_sequence()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = network.Embed(tensor(new long[,] { { 5, 6, 7 } }));
        var options = new SamplingOptions { MaxNewTokens = 20, Temperature = 1.5, Seed = 11 };
        var free = SampledDecoder.Decode(network, prompt, options).Ids[0];
        IReadOnlyList<long> sequence = [free[7], free[8]];
        var ends = Enumerable.Range(1, 19).First(i => free[i - 1] == sequence[0] && free[i] == sequence[1]);

        SampledDecoder.Decode(network, prompt, options with { StopIds = [free[4]] }).Ids[0].ShouldBe(free.Take(free.ToList().IndexOf(free[4]) + 1));
        SampledDecoder.Decode(network, prompt, options with { StopSequences = [[free[8], free[8], free[8]], sequence] }).Ids[0].ShouldBe(free.Take(ends + 1));
        SampledDecoder.Decode(network, prompt, options with { MaxNewTokens = 3 }).Ids[0].ShouldBe(free.Take(3));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 0, 0)]
    public void Options_that_leave_nothing_to_draw_are_refused(double temperature, int topK, double topP) =>
        Should.Throw<ArgumentOutOfRangeException>(() => SampledDecoder.Probabilities(zeros(1, 3), new SamplingOptions { MaxNewTokens = 1, Temperature = temperature, TopK = topK, TopP = topP }))
            .Message.ShouldStartWith("Temperature");

    [Fact]
    public void At_least_one_token_is_generated()
    {
        using var scope = NewDisposeScope();
        var network = Small();
        var prompt = network.Embed(tensor(new long[,] { { 5 } }));

        Should.Throw<ArgumentOutOfRangeException>(() => SampledDecoder.Decode(network, prompt, new SamplingOptions { MaxNewTokens = 0 }));
    }

    private static LlamaForCausalLM Small()
    {
        random.manual_seed(5);
        return new LlamaForCausalLM(new LlamaConfig { VocabSize = 12, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 1, NumAttentionHeads = 2 });
    }
}
