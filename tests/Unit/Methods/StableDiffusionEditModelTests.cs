using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Methods;

public sealed class StableDiffusionEditModelTests
{
    [Theory]
    [InlineData("instruct-pix2pix", "EulerAncestralDiscreteScheduler")]
    [InlineData("magicbrush", "DDIMScheduler")]
    public void Reads_and_paints_an_edit_behind_the_services_interfaces(string method, string scheduler)
    {
        using var folder = new TinyMethodFolder(method, scheduler);
        using var reading = EditMethods.LoadUnderstanding(folder.Path);
        using var painting = EditMethods.LoadEditModel(folder.Path);
        reading.Resolution.ShouldBe(TinyMethodFolder.Side);
        painting.Resolution.ShouldBe(TinyMethodFolder.Side);

        var understood = reading.Understand(TinyMethodFolder.Instruction("ab b"));
        understood.EmbeddingShape.ShouldBe((6, 8));
        understood.Candidates.ShouldBe([("ab b", 1.0)]);
        understood.FullMask.ShouldBeNull();
        understood.Embedding.ShouldNotBe(reading.Understand(TinyMethodFolder.Instruction("a")).Embedding);

        var request = TinyMethodFolder.Request(understood);
        var alone = TinyMethodFolder.Paint(painting, request)[0];
        alone.Picture.Length.ShouldBe(TinyMethodFolder.Side * TinyMethodFolder.Side * 3);
        alone.EditedRegion.Length.ShouldBe(TinyMethodFolder.Side * TinyMethodFolder.Side);
        // Neighbours change nothing, another seed does.
        var together = TinyMethodFolder.Paint(painting, request with { Seed = 9 }, request);
        together[1].Picture.ShouldBe(alone.Picture);
        together[0].Picture.ShouldNotBe(alone.Picture);
    }

    [Fact]
    public void An_edit_leaves_no_tensor_behind()
    {
        using var folder = new TinyMethodFolder();
        using var reading = EditMethods.LoadUnderstanding(folder.Path);
        using var painting = EditMethods.LoadEditModel(folder.Path);
        var request = TinyMethodFolder.Request(reading.Understand(TinyMethodFolder.Instruction("ab")));
        TinyMethodFolder.Paint(painting, request);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++)
        {
            reading.Understand(TinyMethodFolder.Instruction("ab"));
            TinyMethodFolder.Paint(painting, request, request with { GuidanceScale = 1, ImageGuidanceScale = 1 });
        }
        TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void Refuses_an_embedding_of_another_shape()
    {
        using var folder = new TinyMethodFolder();
        using var painting = EditMethods.LoadEditModel(folder.Path);
        var wrong = new Models.Editing.Understanding { Answer = "", Candidates = [], Embedding = new float[12], EmbeddingShape = (3, 4) };
        Should.Throw<ArgumentException>(() => painting.Begin(TinyMethodFolder.Request(wrong))).Message.ShouldContain("[1, 3, 4]; this model reads [1, 6, 8]");
    }

    [Fact]
    public void Loads_no_file_whose_digest_is_wrong_or_missing()
    {
        using var folder = new TinyMethodFolder();
        folder.Change("unet/diffusion_pytorch_model.safetensors", (name, value) => name == "conv_out.bias" ? value + 1 : value);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(folder.Path)).Message.ShouldContain("it is another file or was altered");
        ModelVerification.Record(folder.Path);
        EditMethods.LoadEditModel(folder.Path).Dispose();
        File.Move(folder.At("vae/diffusion_pytorch_model.safetensors"), folder.At("vae/model.safetensors"));
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(folder.Path)).Message.ShouldContain("gives no digest of 'model.safetensors'");
        folder.Write("unet/config.json", "{}");
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(folder.Path)).Message.ShouldContain("its SHA-256 is");
    }

    [Theory]
    [InlineData("""{"method":"other","resolution":16,"digests":{}}""", "names the method 'other'; known are flexedit, flexedit-sd15, instruct-pix2pix, magicbrush, smartedit")]
    [InlineData("""{"resolution":16,"digests":{}}""", "names no 'method'")]
    [InlineData("""{"method":"magicbrush","digests":{}}""", "no 'resolution'")]
    [InlineData("""{"method":"magicbrush","resolution":16}""", "no 'digests'")]
    [InlineData("""{"method":"magicbrush","resolution":16,"digests":{},"dtype":"int8"}""", "dtype 'int8'")]
    [InlineData("""{"method":"magicbrush","resolution":16,"digests":{},"weights":"../a.safetensors"}""", "is not inside")]
    [InlineData("""{"method":"magicbrush","resolution":16,"digests":{},"weights":"a.ckpt"}""", "named as a pickle file")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{", "is not a model folder")]
    public void Refuses_a_card_that_makes_no_sense(string card, string reason)
    {
        using var folder = new TinyMethodFolder();
        folder.Write("card.json", card);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(folder.Path)).Message.ShouldContain(reason);
    }
}
