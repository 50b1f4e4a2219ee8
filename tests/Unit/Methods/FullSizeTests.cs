using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;
using FlexEdit.Generation.Engine;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;
using FlexEdit.Platform.Models;
using FlexEdit.Understanding.Engine;
using Microsoft.Extensions.Options;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>The layout of <c>flexedit-sd15</c>, end to end at a small size.</summary>
public sealed class FullSizeTests : IDisposable
{
    private readonly TinyMethodFolder _folder = TinyFullSize.Create();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void Reads_and_paints_an_edit_with_a_subject_behind_the_services_interfaces(string type)
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path, new Placement("cpu", type));
        using var painting = EditMethods.LoadEditModel(_folder.Path, new Placement("cpu", type));
        var understood = reading.Understand(Edit("ab b"));
        understood.EmbeddingShape.ShouldBe((TinyFullSize.EmbeddingTokens, TinyFullSize.Width));
        understood.FullMask.ShouldBeNull();
        understood.Answer.ShouldStartWith("The masks mean \"");
        understood.Answer.ShouldEndWith("\". The visual you requested is<img_0><img_1><img_2><img_3>.");
        understood.Candidates.ShouldAllBe(c => !c.Label.Contains('<'));
        understood.Candidates.Count.ShouldBeGreaterThan(1);
        understood.Candidates.Sum(c => c.Probability).ShouldBeInRange(double.Epsilon, 1.001);

        var request = TinyMethodFolder.Request(understood, steps: 4) with { Subject = Picture(31), SubjectScale = 1 };
        var alone = TinyMethodFolder.Paint(painting, request)[0];
        alone.Picture.Distinct().Count().ShouldBeGreaterThan(10);
        var together = TinyMethodFolder.Paint(painting, request with { Seed = 9 }, request, request with { Subject = Picture(57) }, request with { SubjectScale = 0 });
        together[1].Picture.ShouldBe(alone.Picture);
        foreach (var other in new[] { together[0], together[2], together[3] })
            other.Picture.ShouldNotBe(alone.Picture);
    }

    [Fact]
    public void The_reading_half_looks_at_scene_mask_subject_and_instruction_and_takes_a_given_label()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        var edit = Edit("ab");
        var embedding = reading.Understand(edit).Embedding;
        reading.Understand(edit).Embedding.ShouldBe(embedding);
        UnderstandingRequest[] others =
        [
            edit with { Scene = Picture(11) }, edit with { Mask = new byte[edit.Mask.Length] }, edit with { Subject = null },
            edit with { Subject = Picture(13) }, edit with { Instruction = "b" }, edit with { Label = "ab" },
        ];
        foreach (var other in others)
            reading.Understand(other).Embedding.ShouldNotBe(embedding);
        reading.Understand(edit with { Label = "ab" }).Answer.ShouldStartWith("The masks mean \"ab\".");
        // What a user writes stays text.
        reading.Understand(edit with { Label = "<img_0>" }).Embedding.Length.ShouldBe(embedding.Length);
    }

    [Theory]
    [InlineData("unet/diffusion_pytorch_model.safetensors", "down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_v_ip.0.weight")]
    [InlineData("adapter/model.safetensors", "blocks.0.to_v.weight")]
    [InlineData("adapter/model.safetensors", "subject_proj.weight")]
    [InlineData("image_encoder/model.safetensors", "vision_model.encoder.layers.0.mlp.fc1.bias")]
    public void The_picture_depends_on_every_part_of_the_painting_half(string file, string tensor)
    {
        var before = Painted(1);
        _folder.Change(file, (name, value) => name == tensor ? value * 3 : value);
        ModelVerification.Record(_folder.Path);
        Painted(1).ShouldNotBe(before);
    }

    [Fact]
    public void Without_the_instruction_nothing_of_it_and_of_the_subject_reaches_the_picture()
    {
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        // At a text scale of 0 only the branches without the instruction count.
        var request = Request(1, 0) with { GuidanceScale = 0, Subject = Picture(31), SubjectScale = 1 };
        var embedding = request.Embedding.Select(e => 1 - e).ToArray();
        var pictures = TinyMethodFolder.Paint(painting, request, request with { Embedding = embedding, Subject = null, SubjectScale = 0 }, request with { GuidanceScale = 1 });
        pictures[1].Picture.ShouldBe(pictures[0].Picture);
        pictures[2].Picture.ShouldNotBe(pictures[0].Picture);
    }

    [Fact]
    public void Without_the_scene_nothing_of_it_reaches_the_picture()
    {
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        var request = Request(0, 0) with { GuidanceScale = 0 };
        var pictures = TinyMethodFolder.Paint(painting, request, request with { Scene = Picture(77) }, request with { Scene = Picture(77), ImageGuidanceScale = 1 });
        pictures[1].Picture.ShouldBe(pictures[0].Picture);
        pictures[2].Picture.ShouldNotBe(pictures[0].Picture);
    }

    [Theory]
    [InlineData("embed_tokens.weight")]
    [InlineData("lm_head.weight")]
    public void The_rows_of_the_image_tokens_come_from_their_own_file(string tensor)
    {
        using var before = EditMethods.LoadUnderstanding(_folder.Path);
        var (embedding, candidates) = (before.Understand(Edit("ab")).Embedding, before.Understand(Edit("ab")).Candidates);
        _folder.Change("image_tokens.safetensors", (name, value) => name == tensor ? value + 1 : value);
        ModelVerification.Record(_folder.Path);
        using var after = EditMethods.LoadUnderstanding(_folder.Path);
        if (tensor == "embed_tokens.weight")
            after.Understand(Edit("ab")).Embedding.ShouldNotBe(embedding);
        else
            after.Understand(Edit("ab")).Candidates.ShouldNotBe(candidates);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_with_all_that_is_wrong()
    {
        _folder.Change("image_tokens.safetensors", (name, value) => name == "lm_head.weight" ? null : ones(3, 16));
        ModelVerification.Record(_folder.Path);
        var said = string.Join("\n", ModelVerification.Of(_folder.Path).Problems);
        said.ShouldContain("does not hold the rows of added tokens (2)");
        said.ShouldContain("lm_head.weight (missing)");
        said.ShouldContain("embed_tokens.weight ([3, 16] for 4 rows from ");
        Should.Throw<CheckpointException>(() => EditMethods.LoadUnderstanding(_folder.Path)).Message.ShouldContain("added tokens");
    }

    [Fact]
    public void An_edit_leaves_no_tensor_behind()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        void Once() => TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(reading.Understand(Edit("ab"))) with { Subject = Picture(31), SubjectScale = 1 });
        Once();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            Once();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void A_sound_folder_has_no_problems_and_everything_that_is_wrong_is_said_at_once()
    {
        var found = ModelVerification.Of(_folder.Path);
        found.Problems.ShouldBeEmpty();
        found.Parts.Select(p => p.Name).ShouldBe(["vllm", "qformer", "unet", "adapter", "image_encoder", "vae"]);

        _folder.Change("unet/diffusion_pytorch_model.safetensors", (name, value) => name.EndsWith("to_k_ip.0.weight", StringComparison.Ordinal) ? null : value);
        _folder.Change("adapter/model.safetensors", (name, value) => name == "subject_proj.bias" ? null : value);
        _folder.Change("qformer/model.safetensors", (name, value) => name == "query_tokens" ? ones(1, 5, 8) : value);
        ModelVerification.Record(_folder.Path);
        var said = string.Join("\n", ModelVerification.Of(_folder.Path).Problems);
        said.ShouldContain("Missing (4): down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_k_ip.0.weight");
        said.ShouldContain("Missing (1): subject_proj.bias.");
        said.ShouldContain("Wrongly shaped (1): query_tokens (file [1, 5, 8], network [1, 6, 8]).");
    }

    [Fact]
    public void A_converted_folder_reads_and_paints_the_same()
    {
        var target = _folder.At("converted");
        ModelConversion.Convert(_folder.Path, target, new ConversionOptions { ShardBytes = 8000 }).Count.ShouldBe(6);
        ModelVerification.Of(target).Problems.ShouldBeEmpty();
        File.Exists(Path.Combine(target, "image_tokens.safetensors")).ShouldBeFalse();
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        using var again = EditMethods.LoadUnderstanding(target);
        var (understood, same) = (reading.Understand(Edit("ab")), again.Understand(Edit("ab")));
        same.Embedding.ShouldBe(understood.Embedding);
        using var painting = EditMethods.LoadEditModel(target);
        TinyMethodFolder.Paint(painting, Request(1, 1))[0].Picture.ShouldBe(Painted(1));
    }

    [Theory]
    [InlineData("\"layers\": 4", "\"layers\": 3", "the denoising network has 4 cross-attentions")]
    [InlineData("\"embedding_dim\": 8", "\"embedding_dim\": 6", "cannot be used")]
    [InlineData("\"encoder_hidden_size\": 16", "\"encoder_hidden_size\": 12", "must be the language model's hidden_size (16)")]
    [InlineData("\"label_temperature\": 1", "\"label_temperature\": 0", "label_temperature is 0")]
    [InlineData("\"image_tokens\": 4", "\"image_tokens\": 40", "do not fit into a vocabulary")]
    public void Sizes_that_do_not_fit_together_are_refused(string before, string after, string reason)
    {
        var text = File.ReadAllText(_folder.At("flexedit.json"));
        text.ShouldContain(before);
        _folder.Write("flexedit.json", text.Replace(before, after, StringComparison.Ordinal));
        ModelVerification.Record(_folder.Path);
        string.Join("\n", ModelVerification.Of(_folder.Path).Problems).ShouldContain(reason);
    }

    [Fact]
    public void The_card_template_is_a_card_that_the_services_and_the_library_read()
    {
        var template = Path.Combine(AppContext.BaseDirectory, "presets", "flexedit-sd15");
        var card = System.Text.Json.JsonSerializer.Deserialize<ModelCard>(File.ReadAllText(Path.Combine(template, "card.json")), ContractJson.Options).ShouldNotBeNull();
        card.Quality.ShouldBeEmpty("There are no trained weights of it.");
        var folder = MethodFolder.Open(template);
        (folder.Method, folder.Resolution, folder.Type).ShouldBe(("flexedit-sd15", 512, ScalarType.BFloat16));
        EditMethods.Names.ShouldContain(folder.Method);
    }

    [Fact]
    public async Task The_engines_of_the_services_run_it_from_the_folder_alone()
    {
        // The template's card, filled in as its page says.
        var card = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "presets", "flexedit-sd15", "card.json")))!;
        (card["resolution"], card["device"]) = (TinyMethodFolder.Side, "cpu");
        _folder.Write("card.json", card.ToJsonString());
        ModelVerification.Record(_folder.Path);
        var models = Directory.CreateTempSubdirectory("flexedit-models-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(models, "flexedit-sd15"), _folder.Path);
            var catalog = new ModelCatalog(Options.Create(new ModelOptions { Folder = models }));
            catalog.Ids.ShouldBe(["flexedit-sd15"]);
            catalog.CardOf("flexedit-sd15").Resolution.ShouldBe(TinyMethodFolder.Side);
            var folder = catalog.FolderOf("flexedit-sd15");
            using var understanding = new UnderstandingEngine("flexedit-sd15", () => EditMethods.LoadUnderstanding(folder), 4, TimeProvider.System);
            using var generation = new GenerationEngine("flexedit-sd15", () => EditMethods.LoadEditModel(folder), 2, 1, TimeProvider.System);
            var stopping = TestContext.Current.CancellationToken;
            var (understood, _) = await understanding.UnderstandAsync(Edit("ab"), stopping);
            var crop = await generation.PaintAsync(TinyMethodFolder.Request(understood) with { Subject = Picture(31), SubjectScale = 1 }, null, stopping);
            crop.Picture.Distinct().Count().ShouldBeGreaterThan(10);
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
    }

    private byte[] Painted(double subjectScale)
    {
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        return TinyMethodFolder.Paint(painting, Request(1, subjectScale))[0].Picture;
    }

    private static GenerationRequest Request(double imageScale, double subjectScale) =>
        TinyMethodFolder.Request(new Models.Editing.Understanding
        {
            Answer = "",
            Candidates = [],
            Embedding = [.. Enumerable.Range(0, TinyFullSize.EmbeddingTokens * TinyFullSize.Width).Select(i => i * 37 % 19 / 19f)],
            EmbeddingShape = (TinyFullSize.EmbeddingTokens, TinyFullSize.Width),
        }) with
        { ImageGuidanceScale = imageScale, Subject = subjectScale > 0 ? Picture(31) : null, SubjectScale = subjectScale };

    private static UnderstandingRequest Edit(string instruction) => TinyMethodFolder.Instruction(instruction) with
    {
        Scene = Picture(7),
        Mask = [.. Enumerable.Range(0, TinyMethodFolder.Side * TinyMethodFolder.Side).Select(i => (byte)(i % 16 > 8 ? 255 : 0))],
        Subject = Picture(19),
    };

    private static byte[] Picture(int step) => [.. Enumerable.Range(0, TinyMethodFolder.Side * TinyMethodFolder.Side * 3).Select(i => (byte)(i * step % 251))];
}
