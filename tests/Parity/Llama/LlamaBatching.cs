using FlexEdit.Models.Llama;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llama;

public sealed class LlamaBatching
{
    [Fact]
    public void A_padded_neighbour_changes_neither_the_tokens_nor_the_states()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var longIds = tensor(new long[,] { { 5, 6, 7, 8, 9, 10, 11 } });
        var shortIds = tensor(new long[,] { { 3, 2, 1 } });
        var options = new GreedyOptions { MaxNewTokens = 8 };
        var alone = new[] { longIds, shortIds }.Select(ids => GreedyDecoder.Decode(network, network.Embed(ids), options)).ToArray();

        var padded = cat([longIds, cat([zeros(1, 4, ScalarType.Int64), shortIds], 1)], 0);
        var mask = tensor(new long[,] { { 1, 1, 1, 1, 1, 1, 1 }, { 0, 0, 0, 0, 1, 1, 1 } });
        foreach (var useCache in (bool[])[true, false])
        {
            var together = GreedyDecoder.Decode(network, network.Embed(padded), options with { UseCache = useCache }, mask);

            for (var row = 0; row < 2; row++)
            {
                together.Ids[row].ShouldBe(alone[row].Ids[0]);
                together.States.narrow(0, row, 1).ShouldMatch(alone[row].States, 1e-5, $"row {row}, cache: {useCache}");
            }
        }
    }

    [Fact]
    public void Each_answer_ends_with_its_own_stop_token()
    {
        using var scope = NewDisposeScope();
        var network = Small();
        var prompts = network.Embed(tensor(new long[,] { { 5, 6, 7 }, { 3, 2, 1 } }));
        var free = GreedyDecoder.Decode(network, prompts, new GreedyOptions { MaxNewTokens = 8 }).Ids;
        var stop = free[0][2];

        var stopped = GreedyDecoder.Decode(network, prompts, new GreedyOptions { MaxNewTokens = 8, StopIds = [stop] }).Ids;

        for (var row = 0; row < 2; row++)
        {
            var end = free[row].ToList().IndexOf(stop);
            stopped[row].ShouldBe(end < 0 ? free[row] : free[row].Take(end + 1));
        }
    }

    [Fact]
    public void A_cache_refuses_to_work_while_gradients_are_recorded()
    {
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var network = Small();

        Should.Throw<InvalidOperationException>(() => network.Forward(network.Embed(tensor(new long[,] { { 1, 2 } })), cache: cache));
    }

    [Fact]
    public void A_cache_refuses_a_batch_of_another_size_until_it_is_empty()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var cache = new KeyValueCache();
        var network = Small();
        var two = network.Embed(tensor(new long[,] { { 1, 2 }, { 3, 4 } }));
        var one = network.Embed(tensor(new long[,] { { 1, 2 } }));
        network.Forward(two, cache: cache);

        Should.Throw<ArgumentException>(() => network.Forward(one, cache: cache));
        cache.Truncate(0);
        network.Forward(one, cache: cache).ShouldMatch(network.Forward(one), 1e-6);
    }

    [Fact]
    public void A_mask_of_another_length_is_refused()
    {
        using var scope = NewDisposeScope();
        var network = Small();

        Should.Throw<ArgumentException>(() => network.Forward(network.Embed(tensor(new long[,] { { 1, 2, 3 } })), ones(1, 2)));
    }

    [Theory, InlineData(ScalarType.Float32), InlineData(ScalarType.BFloat16)]
    public void Learns_a_sequence_by_heart(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var network = Small();
        network.Initialize();
        network.to(type);
        network.train();
        var ids = tensor(new long[,] { { 1, 9, 4, 9, 7, 2, 30, 12 } });
        var labels = ids.clone();
        labels[0, 0] = CausalLoss.Ignored;
        using var optimizer = optim.AdamW(network.parameters(), 1e-2, weight_decay: 0);
        var loss = float.NaN;
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var value = CausalLoss.Of(network.Logits(network.Forward(network.Embed(ids))), labels);
            value.backward();
            optimizer.step();
            loss = value.item<float>();
        }

        loss.ShouldBeLessThan(0.1f);
        network.Embed(ids).dtype.ShouldBe(type);
        GreedyDecoder.Decode(network, network.Embed(ids.narrow(1, 0, 2)), new GreedyOptions { MaxNewTokens = 6 }).Ids[0].ShouldBe([4, 9, 7, 2, 30, 12]);
    }

    [Fact]
    public void Weights_of_one_make_the_weighted_loss_the_plain_one()
    {
        using var scope = NewDisposeScope();
        var logits = randn(2, 5, 8);
        var labels = tensor(new long[,] { { 1, 2, -100, 4, 5 }, { -100, -100, 3, 2, 1 } });

        CausalLoss.Of(logits, labels, ones(2, 5)).ShouldMatch(CausalLoss.Of(logits, labels), 1e-6);
        // Only one token counts: the loss is its own.
        var weights = zeros(2, 5);
        weights[0, 3] = 7;
        var own = -nn.functional.log_softmax(logits[0, 2], -1)[4];
        CausalLoss.Of(logits, labels, weights).ShouldMatch(own, 1e-6);
    }

    private static LlamaForCausalLM Small()
    {
        random.manual_seed(5);
        return new LlamaForCausalLM(new LlamaConfig
        {
            VocabSize = 32,
            HiddenSize = 24,
            IntermediateSize = 48,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
        });
    }
}
