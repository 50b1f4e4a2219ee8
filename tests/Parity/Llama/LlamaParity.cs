using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llama;

public sealed class LlamaParity
{
    [Theory, FixtureCases("llama")]
    public void States_scores_and_loss_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = Load(fixture);
        var ids = fixture.Input("input_ids").narrow(0, 0, 1);

        var embedded = network.Embed(ids);
        var states = network.Forward(embedded);
        var logits = network.Logits(states);

        embedded.ShouldMatch(fixture.Output("hidden_0"), fixture.Tolerance, "hidden_0");
        states.ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
        logits.ShouldMatch(fixture.Output("logits"), fixture.Tolerance, "logits");
        CausalLoss.Of(logits, fixture.Input("labels")).ShouldMatch(fixture.Output("loss"), fixture.Tolerance, "loss");
    }

    [Theory, FixtureCases("llama")]
    public void Left_padded_sequences_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = Load(fixture);
        var reference = fixture.Output("logits_left_padded");

        var logits = network.Logits(network.Forward(network.Embed(fixture.Input("input_ids")), fixture.Input("attention_mask")));

        logits.isfinite().all().item<bool>().ShouldBeTrue();
        logits.narrow(1, logits.shape[1] - reference.shape[1], reference.shape[1]).ShouldMatch(reference, fixture.Tolerance, "logits_left_padded");
    }

    [Theory, FixtureCases("llama")]
    public void Greedy_tokens_match_the_reference_with_and_without_a_cache(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = Load(fixture);
        var ids = fixture.Input("input_ids").narrow(0, 0, 1);
        var expected = fixture.Output("greedy_ids").data<long>().Skip((int)ids.shape[1]).ToArray();

        foreach (var useCache in (bool[])[true, false])
        {
            var options = new GreedyOptions { MaxNewTokens = expected.Length, UseCache = useCache };
            GreedyDecoder.Decode(network, network.Embed(ids), options).Ids[0].ShouldBe(expected, $"cache: {useCache}");
        }
    }

    private static LlamaForCausalLM Load(FixtureCase fixture)
    {
        var network = new LlamaForCausalLM(PublishedConfig.Parse<LlamaConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: network.NameInNetwork);
        network.eval();
        return network;
    }
}
