using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Lora;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Lora;

public sealed class LoraParity
{
    private const string AdapterPrefix = "adapter:";

    [Theory, FixtureCases("lora")]
    public void Beside_the_weights_it_matches_the_reference_and_comes_off_exactly(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        using var network = Load(fixture);
        using var adapter = ReadPeft(fixture, network);
        var plain = Logits(fixture, network);

        using (var attachment = new LoraAttachment(network, adapter))
        {
            Logits(fixture, network).ShouldMatch(fixture.Output("logits"), fixture.Tolerance, "logits");
            attachment.Strength = 0;
            Logits(fixture, network).ShouldMatch(plain, 0, "at no strength");
        }

        Logits(fixture, network).ShouldMatch(plain, 0, "without the adapter");
        (plain - fixture.Output("logits")).abs().max().item<float>().ShouldBeGreaterThan(0.01f);
    }

    [Theory, FixtureCases("lora")]
    public void Within_the_weights_it_matches_the_reference_and_comes_out_exactly(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        using var network = Load(fixture);
        using var adapter = ReadPeft(fixture, network);
        using var merged = new MergedLora(network);
        var plain = Logits(fixture, network);

        merged.Set("style", adapter);
        Logits(fixture, network).ShouldMatch(fixture.Output("logits_merged"), fixture.Tolerance, "logits_merged");
        merged.Active.ShouldBe(["style"]);

        merged.Remove("style").ShouldBeTrue();
        merged.Remove("style").ShouldBeFalse();
        Logits(fixture, network).ShouldMatch(plain, 0, "without the adapter");
    }

    [Theory, FixtureCases("lora")]
    public void The_same_updates_in_kohyas_layout_with_another_alpha_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        using var network = Load(fixture);
        using var adapter = ReadPeft(fixture, network);
        // A scale that is split between alpha and the second factor in another way is the same update.
        const double Alpha = 2;
        var tensors = new Dictionary<string, Tensor> { ["lora_unet_conv_in.alpha"] = tensor(1f) };
        foreach (var update in adapter.Updates.Values)
        {
            var key = KohyaNames.TextEncoder + update.Module.Replace('.', '_');
            tensors[key + ".alpha"] = tensor((float)Alpha);
            tensors[key + ".lora_down.weight"] = update.Down;
            tensors[key + ".lora_up.weight"] = update.Up * (update.Scale * update.Down.shape[0] / Alpha);
        }
        using var file = TemporaryWeights.Write(tensors);

        using var kohya = LoraAdapter.ReadKohya(network, file.Weights, KohyaNames.TextEncoder);

        kohya.Updates.Keys.ShouldBe(adapter.Updates.Keys, ignoreOrder: true);
        using (new LoraAttachment(network, kohya))
            Logits(fixture, network).ShouldMatch(fixture.Output("logits"), fixture.Tolerance, "logits");
        using var merged = new MergedLora(network);
        merged.Set("kohya", kohya);
        Logits(fixture, network).ShouldMatch(fixture.Output("logits_merged"), fixture.Tolerance, "logits_merged");
    }

    [Theory, FixtureCases("lora")]
    public void Adapters_without_alpha_have_the_scale_one(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = Load(fixture);
        using var adapter = ReadPeft(fixture, network);
        var update = adapter.Updates.Values.First();
        var key = KohyaNames.Unet + update.Module.Replace('.', '_');
        using var file = TemporaryWeights.Write(new() { [key + ".lora_down.weight"] = update.Down, [key + ".lora_up.weight"] = update.Up });

        using var kohya = LoraAdapter.ReadKohya(network, file.Weights);

        kohya.Updates.Single().Value.Scale.ShouldBe(1);
    }

    private static LoraAdapter ReadPeft(FixtureCase fixture, LlamaForCausalLM network) =>
        LoraAdapter.ReadPeft(network, fixture.Model, LoraConfig.Parse(fixture.Config.GetProperty("lora").GetRawText()), AdapterPrefix);

    private static LlamaForCausalLM Load(FixtureCase fixture)
    {
        var network = new LlamaForCausalLM(PublishedConfig.Parse<LlamaConfig>(fixture.Config.GetProperty("model").GetRawText()));
        StateDict.Load(network, fixture.Model, rename: tensor => tensor.StartsWith(AdapterPrefix, StringComparison.Ordinal) ? null : network.NameInNetwork(tensor));
        return network;
    }

    private static Tensor Logits(FixtureCase fixture, LlamaForCausalLM network) => network.Logits(network.Forward(network.Embed(fixture.Input("input_ids"))));
}
