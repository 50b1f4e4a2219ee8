using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Unet;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

/// <summary>The card chooses what runs a frozen encoder; the edit does not tell which.</summary>
public sealed class EncoderChoiceTests : IDisposable
{
    private static readonly string s_texts = Path.Combine(AppContext.BaseDirectory, "onnx-clip-text");

    private readonly TinyMethodFolder _folder = TinyFullSize.Create();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_encoder_in_an_onnx_file_paints_the_same_picture_as_our_network()
    {
        var ours = Paint(_folder);
        Choose(_folder, "image_encoder", """{"kind":"clip-vision","file":"image_encoder/model.onnx"}""", TinyFullSize.Onnx);
        // Our own network's weights are not needed any more.
        File.Delete(_folder.At("image_encoder/model.safetensors"));
        ModelVerification.Record(_folder.Path);
        ModelVerification.Of(_folder.Path).Problems.ShouldBeEmpty();
        ModelVerification.Of(_folder.Path).Parts.ShouldNotContain(p => p.Name == "image_encoder");
        Differs(Paint(_folder), ours).ShouldBeLessThanOrEqualTo(1);

        // It is ONNX Runtime that ran: its file decides.
        File.WriteAllBytes(_folder.At("image_encoder/model.onnx"), [1, 2, 3]);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("is not the file that the card names");
        ModelVerification.Record(_folder.Path);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("is not a network that ONNX Runtime can run");
    }

    [Fact]
    public void A_text_encoder_in_an_onnx_file_reads_and_paints_as_our_network_does()
    {
        using var folder = new TinyMethodFolder(add: WithReferenceTexts);
        var ours = Edit(folder);
        Choose(folder, "text_encoder", """{"kind":"clip-text","file":"text_encoder/model.onnx","provider":"cpu"}""", s_texts);
        File.Delete(folder.At("text_encoder/model.safetensors"));
        ModelVerification.Record(folder.Path);
        ModelVerification.Of(folder.Path).Problems.ShouldBeEmpty();
        var theirs = Edit(folder);
        theirs.Understood.Embedding.Zip(ours.Understood.Embedding).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(1e-4f);
        Differs(theirs.Picture, ours.Picture).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_converted_folder_keeps_the_choice()
    {
        Choose(_folder, "image_encoder", """{"kind":"clip-vision","file":"image_encoder/model.onnx"}""", TinyFullSize.Onnx);
        ModelConversion.Convert(_folder.Path, _folder.At("converted"), new ConversionOptions());
        ModelVerification.Of(_folder.At("converted")).Problems.ShouldBeEmpty();
        File.Exists(_folder.At("converted/image_encoder/model.onnx")).ShouldBeTrue();
        using var painting = EditMethods.LoadEditModel(_folder.At("converted"));
        painting.Resolution.ShouldBe(TinyMethodFolder.Side);
    }

    [Theory]
    [InlineData("""{"kind":"clip-vision","file":"image_encoder/model.onnx","provider":"npu"}""", "known are cpu and cuda")]
    [InlineData("""{"kind":"clip-text","file":"image_encoder/model.onnx"}""", "is no image encoder")]
    [InlineData("""{"kind":"clip-vision","file":"image_encoder/model.safetensors"}""", "an entry names an .onnx file")]
    [InlineData("""{"kind":"clip-vision","file":"../model.onnx"}""", "is not inside")]
    [InlineData("""{"kind":"clip-vision","file":"absent.onnx"}""", "is missing")]
    [InlineData("""{"kind":"clip-vision"}""", "cannot be read")]
    [InlineData("3", "cannot be read")]
    public void A_choice_that_makes_no_sense_is_refused(string entry, string reason)
    {
        Choose(_folder, "image_encoder", entry, TinyFullSize.Onnx);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Cuda_in_a_build_without_it_is_refused_with_the_remedy()
    {
        Assert.SkipWhen(cuda.is_available(), "There is a CUDA device here.");
        Choose(_folder, "image_encoder", """{"kind":"clip-vision","file":"image_encoder/model.onnx","provider":"cuda"}""", TinyFullSize.Onnx);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("build with FlexEditGpu=true");
    }

    [Fact]
    public void Another_hidden_state_than_the_file_gives_is_refused()
    {
        Choose(_folder, "image_encoder", """{"kind":"clip-vision","file":"image_encoder/model.onnx"}""", TinyFullSize.Onnx);
        _folder.Write("flexedit.json", File.ReadAllText(_folder.At("flexedit.json")).Replace("\"image_encoder_layer\": -2", "\"image_encoder_layer\": -1", StringComparison.Ordinal));
        ModelVerification.Record(_folder.Path);
        Should.Throw<CheckpointException>(() => EditMethods.LoadEditModel(_folder.Path)).Message.ShouldContain("gives the last but one");
    }

    private static void Choose(TinyMethodFolder folder, string part, string entry, string reference)
    {
        File.Copy(Path.Combine(reference, "model.onnx"), folder.At($"{part}/model.onnx"), overwrite: true);
        var card = File.ReadAllText(folder.At("card.json"));
        folder.Write("card.json", card.Replace("\"id\":", $"\"encoders\": {{ \"{part}\": {entry} }}, \"id\":", StringComparison.Ordinal));
        ModelVerification.Record(folder.Path);
    }

    // The network's cross-attention as wide as the reference case's text encoder.
    private static void WithReferenceTexts(TinyMethodFolder folder)
    {
        var text = PublishedConfig.Read<ClipTextConfig>(Path.Combine(s_texts, "config.json"));
        var config = UNet2DConditionConfig.Parse(File.ReadAllText(folder.At("unet/config.json"))) with { CrossAttentionDim = [text.HiddenSize] };
        using var unet = new UNet2DConditionModel(config);
        folder.Write("unet/config.json", config.Format());
        folder.Save("unet/diffusion_pytorch_model.safetensors", unet.state_dict());
        File.Copy(Path.Combine(s_texts, "config.json"), folder.At("text_encoder/config.json"), overwrite: true);
        using var file = SafetensorsFile.Open(Path.Combine(s_texts, "model.safetensors"));
        folder.Save("text_encoder/model.safetensors", file.Tensors.Keys.Where(n => n.StartsWith("text_model.", StringComparison.Ordinal)).Select(n => KeyValuePair.Create(n, file.Read(n))));
    }

    private static byte[] Paint(TinyMethodFolder folder)
    {
        using var painting = EditMethods.LoadEditModel(folder.Path);
        var request = TinyMethodFolder.Request(new Models.Editing.Understanding
        {
            Answer = "",
            Candidates = [],
            Embedding = [.. Enumerable.Range(0, TinyFullSize.EmbeddingTokens * TinyFullSize.Width).Select(i => i * 37 % 19 / 19f)],
            EmbeddingShape = (TinyFullSize.EmbeddingTokens, TinyFullSize.Width),
        });
        return TinyMethodFolder.Paint(painting, request with { Subject = [.. request.Scene.Reverse()], SubjectScale = 1 })[0].Picture;
    }

    private static (Models.Editing.Understanding Understood, byte[] Picture) Edit(TinyMethodFolder folder)
    {
        using var reading = EditMethods.LoadUnderstanding(folder.Path);
        using var painting = EditMethods.LoadEditModel(folder.Path);
        var understood = reading.Understand(TinyMethodFolder.Instruction("ab"));
        return (understood, TinyMethodFolder.Paint(painting, TinyMethodFolder.Request(understood))[0].Picture);
    }

    private static int Differs(byte[] a, byte[] b) => a.Zip(b).Max(p => Math.Abs(p.First - p.Second));
}
