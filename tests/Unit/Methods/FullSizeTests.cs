using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;
using Shouldly;
using TorchSharp;
using Xunit;

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
        var understood = reading.Understand(TinyFullSize.Edit("ab b"));
        understood.EmbeddingShape.ShouldBe((TinyFullSize.EmbeddingTokens, TinyFullSize.Width));
        understood.FullMask.ShouldBeNull();
        understood.Answer.ShouldStartWith("The masks mean \"");
        understood.Answer.ShouldEndWith("\". The visual you requested is<img_0><img_1><img_2><img_3>.");
        understood.Candidates.ShouldAllBe(c => !c.Label.Contains('<'));
        understood.Candidates.Count.ShouldBeGreaterThan(1);
        understood.Candidates.Sum(c => c.Probability).ShouldBeInRange(double.Epsilon, 1.001);

        var request = TinyMethodFolder.Request(understood, steps: 4) with { Subject = TinyFullSize.Picture(31), SubjectScale = 1 };
        var alone = TinyMethodFolder.Paint(painting, request)[0];
        alone.Picture.Distinct().Count().ShouldBeGreaterThan(10);
        var together = TinyMethodFolder.Paint(painting, request with { Seed = 9 }, request, request with { Subject = TinyFullSize.Picture(57) }, request with { SubjectScale = 0 });
        together[1].Picture.ShouldBe(alone.Picture);
        foreach (var other in new[] { together[0], together[2], together[3] })
            other.Picture.ShouldNotBe(alone.Picture);
    }

    [Fact]
    public void The_reading_half_looks_at_scene_mask_subject_and_instruction_and_takes_a_given_label()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        var edit = TinyFullSize.Edit("ab");
        var embedding = reading.Understand(edit).Embedding;
        reading.Understand(edit).Embedding.ShouldBe(embedding);
        UnderstandingRequest[] others =
        [
            edit with { Scene = TinyFullSize.Picture(11) }, edit with { Mask = new byte[edit.Mask.Length] }, edit with { Subject = null },
            edit with { Subject = TinyFullSize.Picture(13) }, edit with { Instruction = "b" }, edit with { Label = "ab" },
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
        var request = Request(1, 0) with { GuidanceScale = 0, Subject = TinyFullSize.Picture(31), SubjectScale = 1 };
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
        var pictures = TinyMethodFolder.Paint(painting, request, request with { Scene = TinyFullSize.Picture(77) }, request with { Scene = TinyFullSize.Picture(77), ImageGuidanceScale = 1 });
        pictures[1].Picture.ShouldBe(pictures[0].Picture);
        pictures[2].Picture.ShouldNotBe(pictures[0].Picture);
    }

    [Fact]
    public void An_edit_leaves_no_tensor_behind()
    {
        using var reading = EditMethods.LoadUnderstanding(_folder.Path);
        using var painting = EditMethods.LoadEditModel(_folder.Path);
        void Once() => TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(reading.Understand(TinyFullSize.Edit("ab"))) with { Subject = TinyFullSize.Picture(31), SubjectScale = 1 });
        Once();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            Once();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
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
        { ImageGuidanceScale = imageScale, Subject = subjectScale > 0 ? TinyFullSize.Picture(31) : null, SubjectScale = subjectScale };
}
