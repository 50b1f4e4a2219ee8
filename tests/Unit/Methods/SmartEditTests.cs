using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Lora;
using FlexEdit.Models.Methods;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

public sealed class SmartEditTests : IDisposable
{
    private readonly TinyMethodFolder _folder = TinySmartEdit.Create();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void Reads_and_paints_an_edit_behind_the_services_interfaces(string type)
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path, new Placement("cpu", type));
        using var painting = EditMethods.LoadEditModel(_folder.Path, new Placement("cpu", type));
        var understood = reading.Understand(Edit("ab b"));
        understood.EmbeddingShape.ShouldBe((6, 8));
        understood.Candidates.ShouldBe([("ab b", 1.0)]);
        understood.FullMask.ShouldBeNull();

        var request = TinyMethodFolder.Request(understood, steps: 6);
        var alone = TinyMethodFolder.Paint(painting, request)[0];
        alone.Picture.Length.ShouldBe(TinyMethodFolder.Side * TinyMethodFolder.Side * 3);
        alone.Picture.Distinct().Count().ShouldBeGreaterThan(10);
        // The same seed gives the same pixels, whatever is painted beside it; another seed and another instruction give others.
        var other = TinyMethodFolder.Request(reading.Understand(Edit("a a a a a")), steps: 6);
        var together = TinyMethodFolder.Paint(painting, request with { Seed = 9 }, request, other);
        together[1].Picture.ShouldBe(alone.Picture);
        together[0].Picture.ShouldNotBe(alone.Picture);
        together[2].Picture.ShouldNotBe(alone.Picture);
        reading.Understand(Edit("ab b")).Embedding.ShouldBe(understood.Embedding);
    }

    [Fact]
    public void The_reading_half_looks_at_the_scene_and_not_at_the_mask()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        var edit = Edit("ab");
        var embedding = reading.Understand(edit).Embedding;
        reading.Understand(edit with { Scene = [.. edit.Scene.Select(b => (byte)(255 - b))] }).Embedding.ShouldNotBe(embedding);
        reading.Understand(edit with { Mask = [.. Enumerable.Repeat((byte)255, edit.Mask.Length)] }).Embedding.ShouldBe(embedding);
    }

    [Theory]
    [InlineData("modulate-15000/adapter_model.safetensors", "dimension_reduction_head_zeroconv.bias")]
    [InlineData("modulate-15000/adapter_model.safetensors", "dimension_reduction_head_qformer_out.bias")]
    [InlineData("modulate-15000/adapter_model.safetensors", "pe_layer.positional_encoding_gaussian_matrix")]
    [InlineData("unet-15000/adapter_model.safetensors", "unet.conv_out.bias")]
    public void The_picture_depends_on_every_published_file_of_the_painting_half(string file, string tensor)
    {
        byte[] Painted()
        {
            using var painting = EditMethods.LoadEditModel(_folder.Path);
            var embedding = Enumerable.Range(0, 48).Select(i => i * 37 % 19 / 19f).ToArray();
            return TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(new Models.Editing.Understanding { Answer = "", Candidates = [], Embedding = embedding, EmbeddingShape = (6, 8) }))[0].Picture;
        }
        var before = Painted();
        _folder.Change(file, (name, value) => name == tensor ? value + 2.3f : value);
        ModelVerification.Record(_folder.Path);
        Painted().ShouldNotBe(before);
    }

    [Fact]
    public void An_edit_leaves_no_tensor_behind()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(reading.Understand(Edit("ab"))));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(reading.Understand(Edit("ab"))));
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void A_sound_folder_has_no_problems()
    {
        var found = ModelVerification.Of(_folder.Path);
        found.Problems.ShouldBeEmpty();
        found.Parts.Select(p => p.Name).ShouldBe(["vllm", "qformer", "unet", "interaction", "vision_tower", "vae", "text_encoder"]);
    }

    [Fact]
    public void Everything_that_is_missing_or_too_much_is_said_at_once()
    {
        _folder.Change("embeddings_qformer/checkpoint-15000_embeddings_qformer.safetensors", (name, value) => name is "lm_head.weight" or "sd_query_tokens" or "mm_projector.bias" ? null : value);
        _folder.Change("modulate-15000/adapter_model.safetensors", (name, value) => name.StartsWith("pe_layer", StringComparison.Ordinal) ? null : value);
        _folder.Change("unet-15000/adapter_model.safetensors", (name, value) => name == "unet.conv_in.weight" ? zeros(8, 4, 3, 3) : value);
        using (NewDisposeScope())
        {
            using var file = SafetensorsFile.Open(_folder.At("LLM-15000/adapter_model.safetensors"));
            _folder.Save("LLM-15000/more.safetensors", file.Tensors.Keys.Select(n => KeyValuePair.Create(n, file.Read(n))).Append(KeyValuePair.Create("stranger", ones(1))));
        }
        File.Move(_folder.At("LLM-15000/more.safetensors"), _folder.At("LLM-15000/adapter_model.safetensors"), overwrite: true);
        ModelVerification.Record(_folder.Path);

        var said = string.Join("\n", ModelVerification.Of(_folder.Path).Problems);
        said.ShouldContain("Missing (2): language_model.lm_head.weight, multi_modal_projector.linear_1.bias.");
        said.ShouldContain("Unexpected (1): stranger.");
        said.ShouldContain("Missing (1): query_tokens.");
        said.ShouldContain("Missing (1): pe_layer.positional_encoding_gaussian_matrix.");
        said.ShouldContain("Wrongly shaped (1): conv_in.weight (file [8, 4, 3, 3], network [8, 8, 3, 3]).");
        Should.Throw<CheckpointException>(() => EditMethods.LoadUnderstanding(_folder.Path)).Message.ShouldContain("stranger");
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("conv_in.weight");
    }

    [Fact]
    public void Adapters_are_merged_while_they_are_read()
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(_folder.At("LLM-15000/adapter_model.safetensors"));
        var merged = new UnmergedCheckpoint(file, LoraConfig.Parse(File.ReadAllText(_folder.At("adapter_config.json"))));
        const string layer = "model.base_model.model.layers.1.self_attn.v_proj";
        var expected = file.Read(layer + ".weight") + (2 * file.Read(layer + ".lora_B.default.weight").matmul(file.Read(layer + ".lora_A.default.weight")));
        (merged.Read(layer + ".weight") - expected).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        var target = zeros_like(expected);
        merged.CopyTo(layer + ".weight", target);
        (target - expected).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        merged.Tensors.Keys.ShouldNotContain(n => n.Contains("lora_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("layers.0.self_attn.q_proj.lora_A.default.weight", true, "q_proj.lora_B.default.weight (without model.base_model.model.layers.0.self_attn.q_proj.lora_A.default.weight)")]
    [InlineData("layers.0.self_attn.q_proj.lora_A.default.weight", false, "layers.0.self_attn.q_proj (rank 2, weight [16, 16], A [1], B [16, 2])")]
    public void Adapters_that_do_not_fit_are_refused(string tensor, bool isMissing, string reason)
    {
        _folder.Change("LLM-15000/adapter_model.safetensors", (name, value) => !name.EndsWith(tensor, StringComparison.Ordinal) ? value : isMissing ? null : ones(1));
        ModelVerification.Record(_folder.Path);
        string.Join("\n", ModelVerification.Of(_folder.Path).Problems).ShouldContain(reason);
        Should.Throw<CheckpointException>(() => EditMethods.LoadUnderstanding(_folder.Path)).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_tensor_that_two_files_hold_is_refused()
    {
        using var scope = NewDisposeScope();
        _folder.Save("a.safetensors", [KeyValuePair.Create("x", ones(1))]);
        using var file = SafetensorsFile.Open(_folder.At("a.safetensors"));
        Should.Throw<CheckpointException>(() => new JoinedCheckpoint("joined", (file, n => n), (file, n => n))).Message.ShouldContain("'joined' holds tensors twice (1): x (");
    }

    [Theory]
    [InlineData("\"map_channels\": 8", "\"map_channels\": 4", "first convolution has 8")]
    [InlineData("\"grid\": 2", "\"grid\": 3", "the image encoder gives 4 patches of 8")]
    [InlineData("\"encoder_hidden_size\": 16", "\"encoder_hidden_size\": 12", "must be the language model's hidden_size (16)")]
    [InlineData("\"image_tokens\": 4", "\"image_tokens\": 5", "do not fit into a vocabulary")]
    [InlineData("\"image_token_index\": 266", "\"image_token_index\": 3", "stands for the picture as well")]
    [InlineData("\"embedding_tokens\": 6", "\"embedding_tokens\": 0", "embedding_tokens is 0")]
    [InlineData("{", "[", "cannot be used")]
    public void Sizes_that_do_not_fit_together_are_refused(string before, string after, string reason)
    {
        var text = File.ReadAllText(_folder.At("smartedit.json"));
        text.ShouldContain(before);
        _folder.Write("smartedit.json", text.Replace(before, after, StringComparison.Ordinal));
        ModelVerification.Record(_folder.Path);
        string.Join("\n", ModelVerification.Of(_folder.Path).Problems).ShouldContain(reason);
    }

    [Fact]
    public void A_published_pickle_file_is_refused_by_its_name()
    {
        File.Move(_folder.At("modulate-15000/adapter_model.safetensors"), _folder.At("modulate-15000/adapter_model.bin"));
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("named as a pickle file");
    }

    [Fact]
    public void Conversion_is_refused_with_a_sentence() =>
        Should.Throw<CheckpointException>(() => ModelConversion.Convert(_folder.Path, _folder.At("converted"), new ConversionOptions())).Message.ShouldContain("is not converted");

    [Theory]
    [InlineData("cuda", "build with FlexEditGpu=true")]
    [InlineData("cuda:1", "build with FlexEditGpu=true")]
    [InlineData("tpu", "known are cpu, cuda and cuda:N")]
    public void A_device_that_is_not_there_is_refused_from_card_and_configuration_alike(string device, string reason)
    {
        Assert.SkipWhen(cuda.is_available(), "There is a CUDA device here.");
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path, new Placement(device))).Message.ShouldContain(reason);
        var card = File.ReadAllText(_folder.At("card.json"));
        _folder.Write("card.json", card.Replace("\"id\"", $"\"device\": \"{device}\", \"id\"", StringComparison.Ordinal));
        Should.Throw<CheckpointException>(() => EditMethods.LoadUnderstanding(_folder.Path)).Message.ShouldContain(reason);
        // What the configuration says counts.
        EditMethods.LoadUnderstanding(_folder.Path, new Placement("cpu")).Dispose();
    }

    [Fact]
    public void A_type_that_is_not_known_is_refused_from_the_configuration() =>
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path, new Placement(Type: "int8"))).Message.ShouldContain("dtype 'int8'");

    private static UnderstandingRequest Edit(string instruction) =>
        TinyMethodFolder.Instruction(instruction) with { Scene = [.. Enumerable.Range(0, TinyMethodFolder.Side * TinyMethodFolder.Side * 3).Select(i => (byte)(i * 7 % 251))] };
}
