using System.Text.Json;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Methods.SmartEdit;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.SmartEdit;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Unit.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>A SmartEdit model with random weights in the published files and under the published names.</summary>
internal static class TinySmartEdit
{
    public const int Rank = 2;

    private const string QueryProjection = "self_attn.q_proj.weight", ValueProjection = "self_attn.v_proj.weight";

    public static TinyMethodFolder Create() => new("smartedit", add: Write);

    private static void Write(TinyMethodFolder folder)
    {
        var pieces = TinySentencePiece.PiecesWith("ab", "\u2581", "a", "b");
        var config = Sizes(pieces.Length);
        File.WriteAllBytes(folder.At("tokenizer.model"), TinySentencePiece.Model(pieces));
        folder.Write("smartedit.json", PublishedConfig.Format(config));
        folder.Write("adapter_config.json", JsonSerializer.Serialize(new { r = Rank, lora_alpha = 2 * Rank }));

        using var vllm = new LlavaForConditionalGeneration(config.Reading.Llava);
        using var qformer = new QueryTransformer(config.Reading.Qformer, config.Reading.EmbeddingTokens);
        using var interaction = new BidirectionalInteraction(config.Interaction);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(File.ReadAllText(folder.At("unet/config.json"))));
        folder.Save("LLM-15000/adapter_model.safetensors", LanguageModel(Below(vllm, "language_model.model.")));
        folder.Save("embeddings_qformer/checkpoint-15000_embeddings_qformer.safetensors",
        [
            .. Below(vllm, "language_model.lm_head.").Select(t => Renamed(t, "lm_head." + t.Key)),
            .. Below(vllm, "multi_modal_projector.linear_1.").Select(t => Renamed(t, "mm_projector." + t.Key)),
            .. Below(qformer, "query_tokens").Select(t => Renamed(t, "sd_query_tokens")),
            .. Below(qformer, "qformer.").Select(t => Renamed(t, "sd_qformer." + t.Key.Replace("layernorm.", "embeddings.LayerNorm.", StringComparison.Ordinal).Replace("attention.attention.", "attention.self.", StringComparison.Ordinal))),
            KeyValuePair.Create("sd_qformer.embeddings.position_ids", arange(4)),
        ]);
        folder.Save("unet-15000/adapter_model.safetensors", unet.state_dict().Select(t => Renamed(t, "unet." + t.Key)));
        folder.Save("modulate-15000/adapter_model.safetensors", interaction.state_dict());
        // The published file is the whole of CLIP.
        folder.Save("vision_tower/model.safetensors", [.. Below(vllm, "vision_tower."), KeyValuePair.Create("logit_scale", ones(1))]);
        folder.Write("unet-15000/config.json", File.ReadAllText(folder.At("unet/config.json")));
        Directory.Delete(folder.At("unet"), recursive: true);
    }

    private static SmartEditConfig Sizes(int pieces) => new()
    {
        Reading = new LlavaReadingConfig
        {
            Llava = new LlavaConfig
            {
                VisionConfig = new ClipVisionConfig { HiddenSize = 8, IntermediateSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2, ImageSize = 8, PatchSize = 4, ProjectionDim = 8 },
                TextConfig = new LlamaConfig { VocabSize = pieces + 3 + 4, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 2, NumAttentionHeads = 2 },
                MmProjectorType = "linear",
                ImageTokenIndex = pieces + 3,
            },
            Qformer = new QFormerConfig { HiddenSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 16, EncoderHiddenSize = 16 },
            ImageTokens = 4,
            FirstImageToken = pieces + 3,
            EmbeddingTokens = 6,
        },
        Interaction = new InteractionConfig { Width = 8, Heads = 2, Mlp = 16, Grid = 2, ConditionWidth = 8, MapChannels = 8 },
    };

    private static IEnumerable<KeyValuePair<string, Tensor>> LanguageModel(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var tensor in tensors)
        {
            var name = "model.base_model.model." + tensor.Key;
            yield return Renamed(tensor, name);
            if (tensor.Key.EndsWith(QueryProjection, StringComparison.Ordinal) || tensor.Key.EndsWith(ValueProjection, StringComparison.Ordinal))
            {
                var layer = name[..^".weight".Length];
                yield return KeyValuePair.Create(layer + ".lora_A.default.weight", randn(Rank, tensor.Value.shape[1]));
                yield return KeyValuePair.Create(layer + ".lora_B.default.weight", randn(tensor.Value.shape[0], Rank));
                yield return KeyValuePair.Create(layer[..layer.LastIndexOf('.')] + $".rotary_emb.{layer[(layer.LastIndexOf('.') + 1)..]}.rotary_emb.inv_freq", ones(4));
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Below(nn.Module network, string prefix) =>
        network.state_dict().Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(t => Renamed(t, t.Key[prefix.Length..]));

    private static KeyValuePair<string, Tensor> Renamed(KeyValuePair<string, Tensor> tensor, string name) => KeyValuePair.Create(name, tensor.Value);
}
