using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llava;

public sealed class LlavaParity
{
    [Theory, FixtureCases("llava")]
    public void Features_states_and_scores_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = Load(fixture);
        var pixels = fixture.Input("pixel_values");

        var states = network.Forward(fixture.Input("input_ids"), pixels);

        network.ImageFeatures(pixels).ShouldMatch(fixture.Output("image_features"), fixture.Tolerance, "image_features");
        states.ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
        network.LanguageModel.Logits(states).ShouldMatch(fixture.Output("logits"), fixture.Tolerance, "logits");
    }

    [Theory, FixtureCases("llava")]
    public void Greedy_tokens_match_the_reference_with_and_without_a_cache(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = Load(fixture);
        var ids = fixture.Input("input_ids");
        var prompt = network.Embed(ids, network.ImageFeatures(fixture.Input("pixel_values")));
        var expected = fixture.Output("greedy_ids").data<long>().Skip((int)ids.shape[1]).ToArray();

        foreach (var useCache in (bool[])[true, false])
        {
            var options = new GreedyOptions { MaxNewTokens = expected.Length, UseCache = useCache };
            GreedyDecoder.Decode(network.LanguageModel, prompt, options).Ids[0].ShouldBe(expected, $"cache: {useCache}");
        }
    }

    [Theory, FixtureCases("llava")]
    public void One_image_token_per_picture_expands_to_the_reference_prompt(string name)
    {
        using var fixture = FixtureCase.Open(name);
        using var ids = fixture.Input("input_ids");
        using var pixels = fixture.Input("pixel_values");
        var network = Load(fixture);
        var expanded = ids.data<long>().ToArray();
        var count = network.Config.TokensPerImage();
        List<long> collapsed = [];
        for (var i = 0; i < expanded.Length; i += expanded[i] == network.Config.ImageTokenIndex ? count : 1)
            collapsed.Add(expanded[i]);

        collapsed.Count(id => id == network.Config.ImageTokenIndex).ShouldBe((int)pixels.shape[0]);
        network.ExpandImageTokens(collapsed).ShouldBe(expanded);
    }

    private static LlavaForConditionalGeneration Load(FixtureCase fixture)
    {
        var network = new LlavaForConditionalGeneration(PublishedConfig.Parse<LlavaConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: network.NameInNetwork);
        network.eval();
        return network;
    }
}
