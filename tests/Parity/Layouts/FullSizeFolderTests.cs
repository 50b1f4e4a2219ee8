using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Parity.Layouts;

/// <summary>Whole model folders at the published sizes, through the code that verifies and loads them: every name and shape, on the meta device and so without weights.</summary>
public sealed class FullSizeFolderTests
{
    private const string Scheduler = """{"_class_name":"EulerAncestralDiscreteScheduler","beta_start":0.00085,"beta_end":0.012,"beta_schedule":"scaled_linear"}""";

    // The cross-attentions of Stable Diffusion 1.5 and their widths.
    private static readonly (string Name, long Width)[] s_crossAttentions =
    [
        .. Blocks("down_blocks", [320, 640, 1280], 2, 0),
        ("mid_block.attentions.0", 1280),
        .. Blocks("up_blocks", [1280, 640, 320], 3, 1),
    ];

    [Fact]
    public void Flexedit_sd15_takes_the_published_files_and_has_the_layout_that_its_page_describes()
    {
        using var folder = new SparseFolder("flexedit-sd15", "bfloat16");
        AddStableDiffusion(folder);
        folder.Add("vllm/model.safetensors", SparseFolder.Manifest("llava-1.5-7b")).ShouldBe(686);
        folder.Add("image_encoder/model.safetensors", SparseFolder.Manifest("clip-vit-l-14-vision")).ShouldBe(392);
        // What has to be trained.
        folder.Add("image_tokens.safetensors", [("embed_tokens.weight", [32, 4096]), ("lm_head.weight", [32, 4096])]);
        folder.Add("qformer/model.safetensors", [("query_tokens", [1, 77, 768]), .. SparseFolder.Manifest("qformer-smartedit-like").Select(t => ("qformer." + t.Name, t.Shape))]).ShouldBe(129);
        folder.Write("unet/config.json", SparseFolder.Config("instruct-pix2pix-unet"));
        folder.Add("unet/diffusion_pytorch_model.safetensors",
        [
            .. SparseFolder.Manifest("instruct-pix2pix-unet"),
            .. s_crossAttentions.SelectMany(a => new[] { "to_k_ip", "to_v_ip" }.Select(p => ($"{a.Name}.transformer_blocks.0.attn2.processor.{p}.0.weight", new[] { a.Width, 768L }))),
        ]).ShouldBe(686 + 32);
        folder.Add("adapter/model.safetensors",
        [
            .. Enumerable.Range(0, 16).SelectMany(i => new (string, long[])[]
            {
                ("to_q.weight", [768, 768]), ("to_k.weight", [768, 1024]), ("to_v.weight", [768, 1024]), ("to_out.weight", [768, 768]), ("to_out.bias", [768]), ("norm.weight", [768]), ("norm.bias", [768]),
            }.Select(t => ($"blocks.{i}.{t.Item1}", t.Item2))),
            ("subject_proj.weight", [768, 1024]), ("subject_proj.bias", [768]),
        ]).ShouldBe(114);

        folder.Verify().ShouldBe(new Dictionary<string, (int, long)>
        {
            ["vllm"] = (686, 7_063_427_072 * 2),
            ["qformer"] = (129, (64_955_904 + (77 * 768)) * 2),
            ["unet"] = (718, (859_532_484 + s_crossAttentions.Sum(a => 2 * a.Width * 768)) * 2),
            ["adapter"] = (114, ((16L * ((2 * 768 * 768) + (2 * 768 * 1024) + (3 * 768))) + (768 * 1024) + 768) * 2),
            ["image_encoder"] = (391, (303_966_208 - (768 * 1024)) * 2),
            ["vae"] = (248, 83_653_863L * 4),
        }, ignoreOrder: true);
    }

    /// <summary>The counts of tensors are the authors' (450, 133, 686) and, for the interaction module, derived from its structure (89).</summary>
    [Fact]
    public void SmartEdit_7B_takes_files_of_the_published_names_shapes_and_counts()
    {
        using var folder = new SparseFolder("smartedit", "float16");
        AddStableDiffusion(folder);
        folder.Write("text_encoder/config.json", SparseFolder.Config("clip-vit-l-14-text"));
        folder.Add("text_encoder/model.safetensors", SparseFolder.Manifest("clip-vit-l-14-text"));
        folder.Add("vision_tower/model.safetensors", SparseFolder.Manifest("clip-vit-l-14-vision"));
        folder.Write("adapter_config.json", """{"r":8,"lora_alpha":16,"target_modules":["q_proj","v_proj"]}""");
        folder.Add("LLM-15000/adapter_model.safetensors", LanguageModel()).ShouldBe(450);
        folder.Add("embeddings_qformer/checkpoint-15000_embeddings_qformer.safetensors", EmbeddingsAndQFormer()).ShouldBe(133);
        folder.Add("unet-15000/adapter_model.safetensors", SparseFolder.Manifest("instruct-pix2pix-unet").Select(t => ("unet." + t.Name, t.Shape))).ShouldBe(686);
        folder.Add("modulate-15000/adapter_model.safetensors", Interaction()).ShouldBe(89);

        var parts = folder.Verify();
        parts.ToDictionary(p => p.Key, p => p.Value.Tensors).ShouldBe(new Dictionary<string, int>
        {
            ["vllm"] = (32 * 9) + 3 + 2 + 391,
            ["qformer"] = 127 + 1 + 1,
            ["unet"] = 686,
            ["interaction"] = 89,
            ["vision_tower"] = 391,
            ["vae"] = 248,
            ["text_encoder"] = 196,
        }, ignoreOrder: true);
        parts["unet"].Bytes.ShouldBe(859_532_484L * 2);
    }

    private static void AddStableDiffusion(SparseFolder folder)
    {
        folder.Write("scheduler/scheduler_config.json", Scheduler);
        folder.Write("vae/config.json", SparseFolder.Config("stable-diffusion-vae"));
        folder.Add("vae/diffusion_pytorch_model.safetensors", SparseFolder.Manifest("stable-diffusion-vae"));
    }

    private static IEnumerable<(string Name, long Width)> Blocks(string name, long[] widths, int each, int first) =>
        widths.SelectMany((width, level) => Enumerable.Range(0, each).Select(i => ($"{name}.{level + first}.attentions.{i}", width)));

    private static IEnumerable<(string Name, long[] Shape)> LanguageModel()
    {
        const string prefix = "model.base_model.model.";
        yield return (prefix + "embed_tokens.weight", [32035, 4096]);
        yield return (prefix + "norm.weight", [4096]);
        for (var i = 0; i < 32; i++)
        {
            var layer = $"{prefix}layers.{i}.";
            foreach (var projection in new[] { "q", "k", "v", "o" })
                yield return ($"{layer}self_attn.{projection}_proj.weight", [4096, 4096]);
            foreach (var projection in new[] { "q", "v" })
            {
                yield return ($"{layer}self_attn.{projection}_proj.lora_A.default.weight", [8, 4096]);
                yield return ($"{layer}self_attn.{projection}_proj.lora_B.default.weight", [4096, 8]);
            }
            yield return (layer + "self_attn.rotary_emb.inv_freq", [64]);
            yield return (layer + "mlp.gate_proj.weight", [11008, 4096]);
            yield return (layer + "mlp.up_proj.weight", [11008, 4096]);
            yield return (layer + "mlp.down_proj.weight", [4096, 11008]);
            yield return (layer + "input_layernorm.weight", [4096]);
            yield return (layer + "post_attention_layernorm.weight", [4096]);
        }
    }

    private static IEnumerable<(string Name, long[] Shape)> EmbeddingsAndQFormer()
    {
        (string, long[])[] Linear(string name, long rows = 768, long columns = 768) => [(name + ".weight", [rows, columns]), (name + ".bias", [rows])];
        (string, long[])[] Norm(string name) => [(name + ".weight", [768]), (name + ".bias", [768])];
        List<(string, long[])> tensors =
        [
            ("lm_head.weight", [32035, 4096]), .. Linear("mm_projector", 4096, 1024), ("sd_query_tokens", [1, 77, 768]),
            .. Norm("sd_qformer.embeddings.LayerNorm"), ("sd_qformer.embeddings.position_ids", [1, 512]),
        ];
        for (var i = 0; i < 6; i++)
        {
            var layer = $"sd_qformer.encoder.layer.{i}.";
            foreach (var (attention, width) in i % 2 == 0 ? new[] { ("attention", 768L), ("crossattention", 4096L) } : [("attention", 768L)])
            {
                tensors.AddRange([.. Linear($"{layer}{attention}.self.query"), .. Linear($"{layer}{attention}.self.key", 768, width), .. Linear($"{layer}{attention}.self.value", 768, width)]);
                tensors.AddRange([.. Linear($"{layer}{attention}.output.dense"), .. Norm($"{layer}{attention}.output.LayerNorm")]);
            }
            tensors.AddRange([.. Linear(layer + "intermediate_query.dense", 3072), .. Linear(layer + "output_query.dense", 768, 3072), .. Norm(layer + "output_query.LayerNorm")]);
        }
        return tensors;
    }

    private static IEnumerable<(string Name, long[] Shape)> Interaction()
    {
        (string, long[])[] Linear(string name, long rows, long columns) => [(name + ".weight", [rows, columns]), (name + ".bias", [rows])];
        (string, long[])[] Attention(string name, long inner) =>
            [.. Linear(name + ".q_proj", inner, 1024), .. Linear(name + ".k_proj", inner, 1024), .. Linear(name + ".v_proj", inner, 1024), .. Linear(name + ".out_proj", 1024, inner)];
        const string two = "modulate_transformer.";
        return
        [
            .. Linear("modulate_head", 1024, 768), ("pe_layer.positional_encoding_gaussian_matrix", [2, 512]),
            ("dimension_reduction_head_zeroconv.weight", [320, 1024, 1, 1]), ("dimension_reduction_head_zeroconv.bias", [320]), .. Linear("dimension_reduction_head_qformer_out", 768, 1024),
            .. Enumerable.Range(0, 2).SelectMany(i => (IEnumerable<(string, long[])>)
            [
                .. Attention($"{two}layers.{i}.self_attn", 1024), .. Attention($"{two}layers.{i}.cross_attn_token_to_image", 512), .. Attention($"{two}layers.{i}.cross_attn_image_to_token", 512),
                .. Linear($"{two}layers.{i}.mlp.lin1", 2048, 1024), .. Linear($"{two}layers.{i}.mlp.lin2", 1024, 2048),
                .. Enumerable.Range(1, 4).SelectMany(n => (IEnumerable<(string, long[])>)[($"{two}layers.{i}.norm{n}.weight", [1024]), ($"{two}layers.{i}.norm{n}.bias", [1024])]),
            ]),
            .. Attention(two + "final_attn_token_to_image", 512), (two + "norm_final_attn.weight", [1024]), (two + "norm_final_attn.bias", [1024]),
        ];
    }
}
