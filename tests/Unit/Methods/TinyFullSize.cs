using FlexEdit.Models.Adapters;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.FullSize;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Unit.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>A <c>flexedit-sd15</c> model with random weights: every file of the full layout, small.</summary>
internal static class TinyFullSize
{
    public const int ImageTokens = 4, EmbeddingTokens = 6, Width = 8;

    /// <summary>The reference case that has CLIP's image encoder as safetensors and as ONNX.</summary>
    public static string Onnx { get; } = Path.Combine(AppContext.BaseDirectory, "onnx-clip-vision");

    public static TinyMethodFolder Create(string scheduler = "EulerAncestralDiscreteScheduler") => new("flexedit-sd15", scheduler, Write);

    /// <summary>An edit to read.</summary>
    public static UnderstandingRequest Edit(string instruction) => TinyMethodFolder.Instruction(instruction) with
    {
        Scene = Picture(7),
        Mask = [.. Enumerable.Range(0, TinyMethodFolder.Side * TinyMethodFolder.Side).Select(i => (byte)(i % 16 > 8 ? 255 : 0))],
        Subject = Picture(19),
    };

    public static byte[] Picture(int step) => [.. Enumerable.Range(0, TinyMethodFolder.Side * TinyMethodFolder.Side * 3).Select(i => (byte)(i * step % 251))];

    private static void Write(TinyMethodFolder folder)
    {
        var pieces = TinySentencePiece.PiecesWith("ab", "\u2581", "a", "b", "\"", "\".");
        var vision = PublishedConfig.Read<ClipVisionConfig>(Path.Combine(Onnx, "config.json"));
        var config = Sizes(pieces.Length, vision);
        File.WriteAllBytes(folder.At("tokenizer.model"), TinySentencePiece.Model(pieces));
        folder.Write("flexedit.json", PublishedConfig.Format(config));

        using var vllm = new LlavaForConditionalGeneration(config.Reading.Llava);
        using var qformer = new QueryTransformer(config.Reading.Qformer, config.Reading.EmbeddingTokens);
        using var adapter = new MaskEnhancedAdapter(config.Adapter);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(File.ReadAllText(folder.At("unet/config.json"))));
        unet.EnableDecoupledAttention(config.Adapter.SubjectDim, sharedWeights: false);
        vllm.Initialize();
        // As transformers publishes it: two shards and their index.
        Directory.CreateDirectory(folder.At("vllm"));
        SafetensorsWriter.WriteSharded(folder.At("vllm"), "model", vllm.state_dict().Select(t => TensorToWrite.Of(t.Key, t.Value, ScalarType.Float16)), 8000);
        folder.Save("image_tokens.safetensors",
        [
            KeyValuePair.Create("embed_tokens.weight", randn(ImageTokens, config.Reading.Llava.TextConfig.HiddenSize)),
            KeyValuePair.Create("lm_head.weight", randn(ImageTokens, config.Reading.Llava.TextConfig.HiddenSize)),
        ]);
        folder.Save("qformer/model.safetensors", qformer.state_dict());
        folder.Save("adapter/model.safetensors", adapter.state_dict());
        folder.Save("unet/diffusion_pytorch_model.safetensors", unet.state_dict());
        // The published file is the whole of CLIP.
        using var encoder = SafetensorsFile.Open(Path.Combine(Onnx, "model.safetensors"));
        folder.Save("image_encoder/model.safetensors", [.. encoder.Tensors.Keys.Select(n => KeyValuePair.Create(n, encoder.Read(n))), KeyValuePair.Create("logit_scale", ones(1))]);
        Directory.Delete(folder.At("text_encoder"), recursive: true);
        Directory.Delete(folder.At("tokenizer"), recursive: true);
    }

    private static FullSizeConfig Sizes(int pieces, ClipVisionConfig encoder) => new()
    {
        Reading = new LlavaReadingConfig
        {
            Llava = new LlavaConfig
            {
                VisionConfig = new ClipVisionConfig { HiddenSize = 8, IntermediateSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2, ImageSize = 8, PatchSize = 4, ProjectionDim = 8 },
                // Rows beyond the tokens, as in the published table.
                TextConfig = new LlamaConfig { VocabSize = pieces + 2 + ImageTokens + 5, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 2, NumAttentionHeads = 2, InitializerRange = 0.3 },
                ImageTokenIndex = pieces,
            },
            Qformer = new QFormerConfig { HiddenSize = Width, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 16, EncoderHiddenSize = 16 },
            ImageTokens = ImageTokens,
            FirstImageToken = pieces + 2,
            EmbeddingTokens = EmbeddingTokens,
        },
        ImageEncoder = encoder,
        Adapter = new MaskEnhancedAdapterConfig { Layers = 4, EmbeddingDim = Width, VisionDim = encoder.HiddenSize, SubjectDim = Width, Heads = 2 },
    };
}
