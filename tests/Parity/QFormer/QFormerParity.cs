using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.QFormer;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.QFormer;

public sealed class QFormerParity
{
    [Theory, FixtureCases("qformer")]
    public void Queries_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new QFormerModel(PublishedConfig.Parse<QFormerConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: QFormerModel.NameInNetwork);
        network.eval();

        var states = network.Forward(fixture.Input("query_tokens"), fixture.Input("encoder_hidden_states"), fixture.Input("encoder_attention_mask"));

        states.ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
    }

    [Theory, FixtureCases("qformer")]
    public void Learned_queries_give_what_the_same_queries_from_outside_give(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var queries = fixture.Input("query_tokens");
        var network = new QueryTransformer(PublishedConfig.Parse<QFormerConfig>(fixture.Config.GetRawText()), (int)queries.shape[1]);
        var state = network.state_dict();
        state.Keys.Where(key => !key.StartsWith("qformer.", StringComparison.Ordinal)).ShouldBe(["query_tokens"]);
        state["query_tokens"].copy_(queries);
        foreach (var entry in fixture.Model.Tensors.Keys)
            state["qformer." + entry].copy_(fixture.Model.Read(entry));
        network.eval();

        network.Forward(fixture.Input("encoder_hidden_states"), fixture.Input("encoder_attention_mask"))
            .ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
    }

    [Fact]
    public void The_original_code_s_names_are_understood()
    {
        QFormerModel.NameInNetwork("embeddings.position_ids").ShouldBeNull();
        QFormerModel.NameInNetwork("embeddings.LayerNorm.bias").ShouldBe("layernorm.bias");
        QFormerModel.NameInNetwork("encoder.layer.2.crossattention.self.key.weight").ShouldBe("encoder.layer.2.crossattention.attention.key.weight");
        QFormerModel.NameInNetwork("encoder.layer.1.attention.self.query.bias").ShouldBe("encoder.layer.1.attention.attention.query.bias");
        QFormerModel.NameInNetwork("encoder.layer.1.attention.attention.query.bias").ShouldBe("encoder.layer.1.attention.attention.query.bias");
    }
}
