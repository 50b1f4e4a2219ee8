using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Dino;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.SmartEdit;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Memory;

/// <summary>
/// Loads, passes and disposal leave the thread's number of living tensors where it was. No dispose scope is open around them, so nothing but
/// the networks' own care puts things away.
/// </summary>
public sealed class LiveTensorTests
{
    private static long Living => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Theory]
    [FixtureCases("unet")]
    [FixtureCases("autoencoder-kl")]
    [FixtureCases("clip-vision")]
    [FixtureCases("clip-text")]
    [FixtureCases("llama")]
    [FixtureCases("llava")]
    [FixtureCases("qformer")]
    [FixtureCases("dinov2")]
    [FixtureCases("smartedit-interaction")]
    public void Two_loads_and_their_disposal_leave_nothing(string name)
    {
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var kind = fixture.Json.GetProperty("kind").GetString()!;
        LoadAndRun(fixture, kind);
        var before = Living;

        LoadAndRun(fixture, kind);
        LoadAndRun(fixture, kind);

        Living.ShouldBe(before);
    }

    [Fact]
    public void A_thousand_passes_of_a_denoising_network_leave_nothing()
    {
        using var noGrad = no_grad();
        using var unet = new UNet2DConditionModel(new UNet2DConditionConfig
        {
            BlockOutChannels = [4, 4],
            LayersPerBlock = [1],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
            CrossAttentionDim = [4],
            AttentionHeadDim = [2],
            NormNumGroups = 2,
        });
        using var sample = randn(1, 4, 4, 4);
        using var timestep = tensor(7L);
        using var states = randn(1, 2, 4);
        using var cache = unet.PrepareKeysValues(states);
        var before = Living;

        for (var i = 0; i < 1000; i++)
            unet.forward(sample, timestep, cache).Dispose();

        Living.ShouldBe(before);
    }

    [Fact]
    public void A_thousand_passes_of_a_language_model_leave_nothing()
    {
        using var noGrad = no_grad();
        using var network = new LlamaForCausalLM(new LlamaConfig { VocabSize = 16, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2 });
        using var ids = tensor(new long[,] { { 1, 2, 3 } });
        using var prompt = network.Embed(ids);
        var before = Living;

        for (var i = 0; i < 200; i++)
            SampledDecoder.Decode(network, prompt, new SamplingOptions { MaxNewTokens = 5, TopK = 4, TopP = 0.9, Seed = i }).States.Dispose();

        Living.ShouldBe(before);
    }

    private static void LoadAndRun(FixtureCase fixture, string kind)
    {
        var config = fixture.Config.GetRawText();
        switch (kind)
        {
            case "unet":
                using (var network = new UNet2DConditionModel(UNet2DConditionConfig.Parse(config)))
                {
                    StateDict.Load(network, fixture.Model);
                    Run(fixture, ["sample", "timestep", "encoder_hidden_states"], x => network.forward(x[0], x[1], x[2]));
                }
                break;
            case "autoencoder-kl":
                using (var network = new AutoencoderKL(AutoencoderKLConfig.FromJson(config)))
                {
                    network.Load(fixture.Model);
                    Run(fixture, ["image"], x => network.forward(x[0]));
                    network.Slicing = true;
                    network.Tiling = new AutoencoderTiling { TileSide = 8 * network.Factor };
                    Run(fixture, ["image"], x => network.forward(x[0]));
                }
                break;
            case "clip-vision":
                using (var network = new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(config)))
                {
                    StateDict.Load(network, fixture.Model, rename: ClipNames.InNetwork);
                    Run(fixture, ["pixel_values"], x => network.Embed(x[0]));
                }
                break;
            case "clip-text":
                using (var network = new ClipTextModelWithProjection(PublishedConfig.Parse<ClipTextConfig>(config)))
                {
                    StateDict.Load(network, fixture.Model, rename: ClipNames.InNetwork);
                    Run(fixture, ["input_ids", "attention_mask"], x => network.Embed(x[0], x[1]));
                }
                break;
            case "llama":
                using (var network = new LlamaForCausalLM(PublishedConfig.Parse<LlamaConfig>(config)))
                {
                    StateDict.Load(network, fixture.Model, rename: network.NameInNetwork);
                    Run(fixture, ["input_ids", "attention_mask"], x =>
                    {
                        using var prompt = network.Embed(x[0]);
                        return GreedyDecoder.Decode(network, prompt, new GreedyOptions { MaxNewTokens = 3 }, x[1]).States;
                    });
                }
                break;
            case "llava":
                using (var network = new LlavaForConditionalGeneration(PublishedConfig.Parse<LlavaConfig>(config)))
                {
                    StateDict.Load(network, fixture.Model, rename: network.NameInNetwork);
                    Run(fixture, ["input_ids", "pixel_values"], x => network.Forward(x[0], x[1]));
                }
                break;
            case "qformer":
                using (var network = new QFormerModel(PublishedConfig.Parse<QFormerConfig>(config)))
                {
                    StateDict.Load(network, fixture.Model, rename: QFormerModel.NameInNetwork);
                    Run(fixture, ["query_tokens", "encoder_hidden_states", "encoder_attention_mask"], x => network.Forward(x[0], x[1], x[2]));
                }
                break;
            case "dinov2":
                using (var network = new DinoV2Model(PublishedConfig.Parse<DinoV2Config>(config)))
                {
                    StateDict.Load(network, fixture.Model);
                    Run(fixture, ["pixel_values"], x => network.Pooled(x[0]));
                }
                break;
            case "smartedit-interaction":
                using (var network = new BidirectionalInteraction(PublishedConfig.Parse<InteractionConfig>(config) with
                {
                    ConditionWidth = (int)fixture.Model.Tensors["modulate_head.weight"].Shape[1],
                    MapChannels = (int)fixture.Model.Tensors["dimension_reduction_head_zeroconv.weight"].Shape[0],
                }))
                {
                    StateDict.Load(network, fixture.Model);
                    Run(fixture, ["condition", "image_features"], x =>
                    {
                        var all = network.Forward(x[0], x[1], 4, 4);
                        all.FeatureMap.Dispose();
                        all.Image.Dispose();
                        all.Tokens.Dispose();
                        return all.Condition;
                    });
                }
                break;
            default:
                throw new ArgumentException($"No network for '{kind}'.", nameof(kind));
        }
    }

    private static void Run(FixtureCase fixture, string[] inputs, Func<Tensor[], Tensor> pass)
    {
        var given = inputs.Select(fixture.Input).ToArray();
        pass(given).Dispose();
        foreach (var input in given)
            input.Dispose();
    }
}
