using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;
using FlexEdit.Generation.Engine;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods;
using FlexEdit.Platform.Models;
using FlexEdit.Understanding.Engine;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>The folder of <c>flexedit-sd15</c>: verified, converted, served, and refused with its reason.</summary>
public sealed class FullSizeFolderTests : IDisposable
{
    private readonly TinyMethodFolder _folder = TinyFullSize.Create();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("embed_tokens.weight")]
    [InlineData("lm_head.weight")]
    public void The_rows_of_the_image_tokens_come_from_their_own_file(string tensor)
    {
        using var before = EditMethods.LoadUnderstanding(_folder.Path);
        var (embedding, candidates) = (before.Understand(TinyFullSize.Edit("ab")).Embedding, before.Understand(TinyFullSize.Edit("ab")).Candidates);
        _folder.Change("image_tokens.safetensors", (name, value) => name == tensor ? value + 1 : value);
        ModelVerification.Record(_folder.Path);
        using var after = EditMethods.LoadUnderstanding(_folder.Path);
        if (tensor == "embed_tokens.weight")
            after.Understand(TinyFullSize.Edit("ab")).Embedding.ShouldNotBe(embedding);
        else
            after.Understand(TinyFullSize.Edit("ab")).Candidates.ShouldNotBe(candidates);
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
        var (understood, same) = (reading.Understand(TinyFullSize.Edit("ab")), again.Understand(TinyFullSize.Edit("ab")));
        same.Embedding.ShouldBe(understood.Embedding);
        using var painting = EditMethods.LoadEditModel(target);
        using var before = EditMethods.LoadEditModel(_folder.Path);
        var request = TinyMethodFolder.Request(understood) with { Subject = TinyFullSize.Picture(31), SubjectScale = 1 };
        TinyMethodFolder.Paint(painting, request)[0].Picture.ShouldBe(TinyMethodFolder.Paint(before, request)[0].Picture);
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
            var (understood, _) = await understanding.UnderstandAsync(TinyFullSize.Edit("ab"), stopping);
            var crop = await generation.PaintAsync(TinyMethodFolder.Request(understood) with { Subject = TinyFullSize.Picture(31), SubjectScale = 1 }, null, stopping);
            crop.Picture.Distinct().Count().ShouldBeGreaterThan(10);
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
    }
}
