using FlexEdit.Models.Clip;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llava;

public sealed class AppendedTokensParity
{
    private const double Tolerance = 1e-5;
    private static readonly long[] ImageTokens = [20, 21, 22, 23, 24];

    [Fact]
    public void One_pass_gives_the_states_that_decoding_step_by_step_collects()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = Prompt(network);
        using var cache = new KeyValueCache();
        network.LanguageModel.Forward(prompt, cache: cache);
        List<Tensor> stepwise = [];
        foreach (var id in ImageTokens)
            stepwise.Add(network.LanguageModel.Forward(network.LanguageModel.Embed(tensor(new[] { id }).unsqueeze(0)), cache: cache));
        var reference = cat(stepwise, 1);

        AppendedTokens.States(network.LanguageModel, prompt, ImageTokens).ShouldMatch(reference, Tolerance, "one pass");
        AppendedTokens.States(network.LanguageModel, prompt, ImageTokens, [0, 4]).ShouldMatch(cat([stepwise[0], stepwise[4]], 1), Tolerance, "chosen positions");
        cache.Truncate(prompt.shape[1]);
        AppendedTokens.States(network.LanguageModel, null, ImageTokens, cache: cache).ShouldMatch(reference, Tolerance, "after a cached prompt");
        cache.Length.ShouldBe(prompt.shape[1] + ImageTokens.Length);
    }

    [Fact]
    public void Greedy_decoding_collects_the_same_states_as_one_pass_over_its_answer()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = Prompt(network);
        var answer = GreedyDecoder.Decode(network.LanguageModel, prompt, new GreedyOptions { MaxNewTokens = 12 });

        var states = AppendedTokens.States(network.LanguageModel, prompt, answer.Ids[0]);

        states.narrow(1, 0, 11).ShouldMatch(answer.States.narrow(1, 1, 11), Tolerance);
    }

    [Fact]
    public void A_stopped_answer_goes_on_from_its_cache()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small();
        var prompt = Prompt(network);
        var free = GreedyDecoder.Decode(network.LanguageModel, prompt, new GreedyOptions { MaxNewTokens = 6 }).Ids[0];
        var stop = free[3];
        var before = free.TakeWhile(id => id != stop).ToArray();
        using var cache = new KeyValueCache();

        var answer = GreedyDecoder.Decode(network.LanguageModel, prompt, new GreedyOptions { MaxNewTokens = 6, StopIds = [stop] }, cache: cache);
        var states = AppendedTokens.States(network.LanguageModel, null, ImageTokens, cache: cache);

        answer.Ids[0].ShouldBe([.. before, stop]);
        var whole = AppendedTokens.States(network.LanguageModel, prompt, [.. before, .. ImageTokens]);
        states.ShouldMatch(whole.narrow(1, before.Length, ImageTokens.Length), Tolerance);
    }

    [Fact]
    public void Gradients_flow_through_the_pass()
    {
        using var scope = NewDisposeScope();
        var network = Small();

        AppendedTokens.States(network.LanguageModel, Prompt(network), ImageTokens).square().mean().backward();

        network.named_parameters().Single(p => p.name == "multi_modal_projector.linear_1.weight").parameter.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
    }

    private static Tensor Prompt(LlavaForConditionalGeneration network)
    {
        var pixels = randn(2, 3, 16, 16, generator: new Generator(7));
        var ids = network.ExpandImageTokens([1, 2, 30, 4, 30, 5, 6, 7]).ToArray();
        return network.Embed(tensor(ids).unsqueeze(0), network.ImageFeatures(pixels));
    }

    private static LlavaForConditionalGeneration Small()
    {
        random.manual_seed(11);
        var network = new LlavaForConditionalGeneration(new LlavaConfig
        {
            VisionConfig = new ClipVisionConfig { HiddenSize = 16, IntermediateSize = 32, NumHiddenLayers = 3, NumAttentionHeads = 2, ImageSize = 16, PatchSize = 8 },
            TextConfig = new LlamaConfig { VocabSize = 32, HiddenSize = 24, IntermediateSize = 48, NumHiddenLayers = 3, NumAttentionHeads = 4, NumKeyValueHeads = 2, TieWordEmbeddings = true },
            ImageTokenIndex = 30,
        });
        network.eval();
        return network;
    }
}
