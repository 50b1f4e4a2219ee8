using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Lora;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Lora;

/// <summary>Several adapters at once, on linear layers and convolutions.</summary>
public sealed class SeveralAdaptersTests
{
    [Fact]
    public void Every_layer_of_a_unet_is_found_by_its_flat_name()
    {
        using var scope = NewDisposeScope();
        using var unet = Unet();
        var layers = Layers(unet);
        using var drawn = Draw(unet, 1, rank: 2);
        using var file = TemporaryWeights.Write(drawn.Updates.Values.SelectMany(u => new[]
        {
            (KohyaNames.Unet + u.Module.Replace('.', '_') + ".lora_down.weight", u.Down),
            (KohyaNames.Unet + u.Module.Replace('.', '_') + ".lora_up.weight", u.Up),
        }).ToDictionary());

        using var read = LoraAdapter.ReadKohya(unet, file.Weights);

        read.Updates.Keys.ShouldBe(layers, ignoreOrder: true);
        layers.ShouldContain("down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_out.0");
        layers.ShouldContain("down_blocks.0.downsamplers.0.conv");
    }

    [Fact]
    public void Beside_and_within_the_weights_they_compute_the_same()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var unet = Unet();
        using var first = Draw(unet, 1, rank: 2);
        using var second = Draw(unet, 2, rank: 3);
        Tensor beside, alone;
        using (new LoraAttachment(unet, first, 0.7))
        {
            alone = Predict(unet);
            using (new LoraAttachment(unet, second, -0.4))
                beside = Predict(unet);
            Predict(unet).ShouldMatch(alone, 0, "after the second one has gone");
        }
        using var merged = new MergedLora(unet);

        merged.Set("first", first, 0.7);
        merged.Set("second", second, -0.4);

        Predict(unet).ShouldMatch(beside, 1e-4, "both");
        merged.Remove("second");
        Predict(unet).ShouldMatch(alone, 1e-4, "the first one");
        (beside - alone).abs().max().item<float>().ShouldBeGreaterThan(1e-3f);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Taken_out_in_any_order_they_leave_every_bit_as_it_was(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var unet = Unet();
        unet.to(type);
        using var first = Draw(unet, 1, rank: 2);
        using var second = Draw(unet, 2, rank: 3);
        var before = unet.state_dict().ToDictionary(t => t.Key, t => t.Value.clone());
        using var merged = new MergedLora(unet);

        merged.Set("first", first, 0.7);
        merged.Set("second", second);
        merged.Set("first", first, 3);
        merged.Remove("first");
        unet.state_dict().Any(t => !t.Value.equal(before[t.Key]).all().item<bool>()).ShouldBeTrue();
        merged.Clear();

        foreach (var (key, value) in unet.state_dict())
            value.equal(before[key]).all().item<bool>().ShouldBeTrue(key);
    }

    [Fact]
    public void Gradients_reach_the_factors_of_an_attached_adapter_alone()
    {
        using var scope = NewDisposeScope();
        using var unet = Unet();
        foreach (var (_, parameter) in unet.named_parameters())
            parameter.requires_grad = false;
        using var adapter = Draw(unet, 1, rank: 2);
        foreach (var update in adapter.Updates.Values)
        {
            update.Down.requires_grad = true;
            update.Up.requires_grad = true;
        }

        using (new LoraAttachment(unet, adapter))
            Predict(unet).square().mean().backward();

        foreach (var update in adapter.Updates.Values)
        {
            update.Down.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0, update.Module);
            update.Up.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0, update.Module);
        }
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed()
    {
        using var scope = NewDisposeScope();
        using var unet = Unet();
        using var file = TemporaryWeights.Write(new()
        {
            ["lora_unet_conv_in.lora_down.weight"] = zeros(2, 4, 3, 3),
            ["lora_unet_conv_out.lora_down.weight"] = zeros(2, 8, 3, 3),
            ["lora_unet_conv_out.lora_up.weight"] = zeros(5, 2, 1, 1),
            ["lora_unet_conv_norm_out.lora_down.weight"] = zeros(2, 8),
            ["lora_unet_nowhere.lora_down.weight"] = zeros(2, 8),
            ["lora_unet_conv_in.dora_scale"] = zeros(2),
        });

        var message = Should.Throw<CheckpointException>(() => LoraAdapter.ReadKohya(unet, file.Weights)).Message;

        message.ShouldContain("conv_in.dora_scale is no part of a LoRA update");
        message.ShouldContain("'conv_in' lacks one of its two factors");
        message.ShouldContain("'conv_out' has factors [2, 8, 3, 3] and [5, 2, 1, 1] for a weight of [4, 8, 3, 3]");
        message.ShouldContain("'conv_norm_out' is neither a linear layer nor a convolution");
        message.ShouldContain("the network has no layer 'nowhere'");
        Should.Throw<CheckpointException>(() => LoraAdapter.ReadKohya(unet, file.Weights, KohyaNames.TextEncoder)).Message.ShouldContain("it has no update");
        using var foreign = new LoraAdapter([new LoraUpdate("nowhere", zeros(1, 2), zeros(2, 1), 1)]);
        Should.Throw<ArgumentException>(() => new LoraAttachment(unet, foreign)).Message.ShouldStartWith("The network has no linear layer or convolution 'nowhere'.");
        using var merged = new MergedLora(unet);
        Should.Throw<ArgumentException>(() => merged.Set("foreign", foreign)).Message.ShouldStartWith("The network has no linear layer or convolution 'nowhere'.");
        merged.Active.ShouldBeEmpty();
    }

    [Fact]
    public void Configurations_that_are_not_built_are_refused() =>
        Should.Throw<NotSupportedException>(() => LoraConfig.Parse("""{"r": 0, "use_dora": true, "bias": "all", "rank_pattern": {"q_proj": 3}}""")).Message
            .ShouldBe("The adapter's configuration asks for what is not built: r=0, use_dora=true, bias=all, rank_pattern.");

    [Fact]
    public void The_scale_follows_the_configuration()
    {
        LoraConfig.Parse("""{"r": 4, "lora_alpha": 12}""").Scale().ShouldBe(3);
        LoraConfig.Parse("""{"r": 4, "lora_alpha": 12, "use_rslora": true}""").Scale().ShouldBe(6);
    }

    private static UNet2DConditionModel Unet()
    {
        random.manual_seed(3);
        return new UNet2DConditionModel(new UNet2DConditionConfig
        {
            BlockOutChannels = [8, 8],
            LayersPerBlock = [1],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
            CrossAttentionDim = [6],
            AttentionHeadDim = [2],
            NormNumGroups = 4,
        });
    }

    private static List<string> Layers(nn.Module network) => [.. network.named_modules().Where(m => m.module is Linear or SquareConv2d).Select(m => m.name)];

    private static LoraAdapter Draw(UNet2DConditionModel unet, ulong seed, long rank)
    {
        using var generator = new Generator(seed);
        var modules = unet.named_modules().ToDictionary(m => m.name, m => m.module);
        return new LoraAdapter(Layers(unet).Select(name =>
        {
            var shape = modules[name] is Linear linear ? linear.weight!.shape : ((SquareConv2d)modules[name]).Weight.shape;
            long[] down = [rank, .. shape.Skip(1)];
            long[] up = [shape[0], rank, .. Enumerable.Repeat(1L, shape.Length - 2)];
            return new LoraUpdate(name, randn(down, generator: generator) * 0.1, randn(up, generator: generator) * 0.1, 1);
        }).ToArray());
    }

    private static Tensor Predict(UNet2DConditionModel unet)
    {
        using var generator = new Generator(9);
        return unet.forward(randn(1, 4, 8, 8, generator: generator), tensor(7L), randn(1, 3, 6, generator: generator));
    }
}
