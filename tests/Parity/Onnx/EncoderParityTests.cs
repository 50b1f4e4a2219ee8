using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Onnx;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Onnx;

/// <summary>The same encoder from an ONNX file and as our own network, through the same interface and held to the same outputs.</summary>
public sealed class EncoderParityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [FixtureCases("onnx")]
    public void Onnx_and_our_network_give_the_reference_outputs(string name)
    {
        using var fixture = FixtureCase.Open(name);
        foreach (var file in new[] { "model.onnx", "model.safetensors" })
        {
            var card = CardOf(fixture, file) with { Sha256 = Digest.Of(fixture.File(file)) };
            using var scope = NewDisposeScope();
            using var encode = Encoder.Open(card, fixture.Folder);
            var input = fixture.Input(fixture.Inputs.Tensors.Keys.Single());
            // A second, smaller batch: what was bound for the first must not be taken for it.
            foreach (var count in new[] { input.shape[0], 1 })
            {
                var states = encode.Run(input.narrow(0, 0, count));
                Check(fixture, ["image_embeds", "text_embeds", "pooler_output"], states.Pooled, count, file);
                Check(fixture, ["penultimate", "last_hidden_state"], states.Tokens, count, file);
            }
        }
    }

    [Theory]
    [FixtureCases("onnx")]
    public void A_thousand_runs_leave_no_tensor_behind(string name)
    {
        using var fixture = FixtureCase.Open(name);
        using var input = fixture.Input(fixture.Inputs.Tensors.Keys.Single());
        using var encode = Encoder.Open(CardOf(fixture, "model.onnx"), fixture.Folder);
        encode.Run(input).Dispose();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 1000; i++)
            encode.Run(input).Dispose();
        TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Theory]
    [FixtureCases("onnx")]
    public void A_file_that_is_not_the_one_of_the_card_is_refused(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var card = CardOf(fixture, "model.onnx") with { Sha256 = new string('0', 64) };
        Should.Throw<CheckpointException>(() => Encoder.Open(card, fixture.Folder)).Message.ShouldContain("was expected: it is another file or was altered");
        Should.Throw<CheckpointException>(() => Encoder.Open(CardOf(fixture, "model.onnx") with { File = "../model.onnx" }, fixture.Folder)).Message.ShouldContain("is not inside");
        Should.Throw<CheckpointException>(() => Encoder.Open(CardOf(fixture, "model.onnx") with { File = "absent.onnx" }, fixture.Folder)).Message.ShouldContain("is missing");
        Should.Throw<CheckpointException>(() => Encoder.Open(CardOf(fixture, "model.safetensors") with { Config = null }, fixture.Folder)).Message.ShouldContain("has no 'config'");
        Should.Throw<CheckpointException>(() => Encoder.Open(CardOf(fixture, "model.onnx") with { Kind = "sam" }, fixture.Folder)).Message.ShouldContain("'sam' is no");
    }

    [Theory]
    [FixtureCases("onnx")]
    public void Input_of_another_shape_or_type_is_refused_and_the_next_one_works(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var encode = Encoder.Open(CardOf(fixture, "model.onnx"), fixture.Folder);
        var input = fixture.Input(fixture.Inputs.Tensors.Keys.Single());
        Should.Throw<ArgumentException>(() => encode.Run(input.unsqueeze(0))).Message.ShouldContain("does not take [1, ");
        Should.Throw<ArgumentException>(() => encode.Run(input.to(ScalarType.Float64))).Message.ShouldContain("not Float64");
        encode.Run(input).Pooled.shape[0].ShouldBe(input.shape[0]);
    }

    [Fact]
    public void A_file_that_is_no_network_is_refused()
    {
        var path = Path.Combine(_folder, "noise.onnx");
        File.WriteAllBytes(path, [1, 2, 3, 4]);
        Should.Throw<CheckpointException>(() => new OnnxPictureEncoder(path)).Message.ShouldContain("is not a network that ONNX Runtime can run");
    }

    [Theory]
    [FixtureCases("onnx")]
    public void A_network_with_other_inputs_or_outputs_is_refused(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var isText = KindOf(fixture) == "clip-text";
        Should.Throw<CheckpointException>(() => isText ? (IDisposable)new OnnxPictureEncoder(fixture.File("model.onnx")) : new OnnxTextEncoder(fixture.File("model.onnx")))
            .Message.ShouldContain("not a single one of type");
    }

    [Theory]
    [FixtureCases("onnx")]
    public void Cuda_in_a_build_without_it_is_refused_with_the_remedy(string name)
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Skip("This machine has CUDA.");
        using var fixture = FixtureCase.Open(name);
        Should.Throw<CheckpointException>(() => Encoder.Open(CardOf(fixture, "model.onnx"), fixture.Folder, OnnxDevice.Cuda)).Message.ShouldContain("build with FlexEditGpu=true");
    }

    private static string KindOf(FixtureCase fixture) => fixture.Config.GetProperty("model_type").GetString() switch
    {
        "clip_text_model" => "clip-text",
        "clip_vision_model" => "clip-vision",
        var other => other!,
    };

    private static EncoderCard CardOf(FixtureCase fixture, string file) => new() { Kind = KindOf(fixture), File = file, Config = "config.json" };

    private static void Check(FixtureCase fixture, string[] names, Tensor ours, long count, string file)
    {
        var name = names.First(fixture.Outputs.Tensors.ContainsKey);
        ours.ShouldMatch(fixture.Output(name).narrow(0, 0, count), fixture.Tolerance, $"{name} of {file}");
    }

    private sealed record Encoder(Func<Tensor, EncoderStates> Run, IDisposable Owner) : IDisposable
    {
        public static Encoder Open(EncoderCard card, string folder, OnnxDevice device = OnnxDevice.Cpu)
        {
            if (card.Kind == "clip-text")
            {
                var texts = card.OpenTexts(folder, device);
                return new(texts.Encode, texts);
            }
            var pictures = card.OpenPictures(folder, device);
            return new(pictures.Encode, pictures);
        }

        public void Dispose() => Owner.Dispose();
    }
}
