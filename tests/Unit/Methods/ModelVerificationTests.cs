using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods;
using FlexEdit.Tests.Unit.Checkpoints;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Methods;

public sealed class ModelVerificationTests : IDisposable
{
    private readonly TinyMethodFolder _folder = new();
    private readonly CheckpointFolder _other = new();
    private readonly StringWriter _output = new(), _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_sound_folder_has_no_problems_and_its_memory_is_that_of_its_weights()
    {
        var found = ModelVerification.Of(_folder.Path);
        found.Problems.ShouldBeEmpty();
        found.Parts.Select(p => p.Name).ShouldBe(["unet", "vae", "text_encoder"]);
        // Headers are small beside the weights, but not nothing.
        var files = Directory.GetFiles(_folder.Path, "*.safetensors", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        found.Bytes.ShouldBeInRange(files * 6 / 10, files);

        (await RunAsync("models", "verify", _folder.Path)).ShouldBe(ExitCode.Done, _error.ToString());
        _output.ToString().ShouldContain("instruct-pix2pix");
        _output.ToString().ShouldContain("Nothing is missing or wrong.");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        _folder.Change("unet/diffusion_pytorch_model.safetensors", (name, value) => name switch
        {
            "conv_in.bias" => null,
            "conv_out.weight" => zeros(1, 2),
            _ => value,
        });
        File.Delete(_folder.At("text_encoder/model.safetensors"));
        _folder.Write("vae/config.json", """{"act_fn":"gelu"}""");
        _folder.Write("tokenizer/merges.txt", "#v\nnone\n");
        _folder.Write("scheduler/scheduler_config.json", """{"_class_name":"Unheard"}""");
        _folder.Write("more.json", "{}");

        (await RunAsync("models", "verify", _folder.Path)).ShouldBe(ExitCode.Failed);

        var said = _error.ToString();
        said.ShouldContain("Missing (1): conv_in.bias.");
        said.ShouldContain("Wrongly shaped (1): conv_out.weight (file [1, 2], network [4, 8, 3, 3]).");
        said.ShouldContain("'unet/diffusion_pytorch_model.safetensors' is not the file that the card names");
        said.ShouldContain("'text_encoder/model.safetensors' is missing.");
        said.ShouldContain("act_fn=gelu");
        said.ShouldContain("is not a pair of pieces");
        said.ShouldContain("Unheard");
        said.ShouldContain("The card gives no digest of 'more.json'.");
    }

    [Fact]
    public async Task Digests_are_recorded_when_asked_for()
    {
        _folder.Change("vae/diffusion_pytorch_model.safetensors", (_, value) => value * 2);
        (await RunAsync("models", "verify", _folder.Path)).ShouldBe(ExitCode.Failed);
        (await RunAsync("models", "verify", _folder.Path, "--record", "--json")).ShouldBe(ExitCode.Done);
        _output.ToString().ShouldContain("\"problems\": []");
    }

    [Fact]
    public async Task A_folder_without_a_card_is_refused_with_a_sentence()
    {
        (await RunAsync("models", "verify", _other.Path)).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("is not a model folder");
    }

    [Fact]
    public async Task Stable_diffusion_itself_is_told_from_one_trained_to_edit()
    {
        _folder.Write("unet/config.json", File.ReadAllText(_folder.At("unet/config.json")).Replace("\"in_channels\": 8", "\"in_channels\": 4", StringComparison.Ordinal));
        (await RunAsync("models", "verify", _folder.Path)).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("reads 4 channels, but editing needs 8");
    }

    [Fact]
    public async Task Conversion_casts_shards_and_gives_a_sound_folder()
    {
        var target = _other.At("converted");
        (await RunAsync("models", "convert", _folder.Path, target, "--dtype", "bfloat16", "--shard-size", "0.01")).ShouldBe(ExitCode.Done, _error.ToString());

        File.Exists(Path.Combine(target, "unet", "diffusion_pytorch_model.safetensors.index.json")).ShouldBeTrue();
        var found = ModelVerification.Of(target);
        found.Problems.ShouldBeEmpty();
        found.Parts[0].Type.ShouldBe(ScalarType.BFloat16);
        using var scope = NewDisposeScope();
        using var before = Checkpoint.Open(_folder.At("unet"));
        using var after = Checkpoint.Open(Path.Combine(target, "unet"));
        after.Tensors.Keys.ShouldBe(before.Tensors.Keys, ignoreOrder: true);
        foreach (var name in before.Tensors.Keys)
            after.Read(name).equal(before.Read(name, ScalarType.BFloat16)).all().item<bool>().ShouldBeTrue(name);
        EditMethods.LoadEditModel(target).Dispose();

        (await RunAsync("models", "convert", _folder.Path, target)).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("is not empty");
    }

    [Fact]
    public async Task Conversion_merges_adapters_in_both_layouts()
    {
        const string layer = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_q";
        using var scope = NewDisposeScope();
        var (down, up) = (rand(2, 8), rand(8, 2));
        SafetensorsWriter.Write(_other.At("kohya.safetensors"), new Dictionary<string, Tensor>
        {
            [$"lora_unet_{layer.Replace('.', '_')}.lora_down.weight"] = down, [$"lora_unet_{layer.Replace('.', '_')}.lora_up.weight"] = up, [$"lora_unet_{layer.Replace('.', '_')}.alpha"] = tensor(4f),
        });
        SafetensorsWriter.Write(_other.At("adapter_model.safetensors"), new Dictionary<string, Tensor>
        {
            [$"base_model.model.{layer}.lora_A.weight"] = down, [$"base_model.model.{layer}.lora_B.weight"] = up,
        });
        File.WriteAllText(_other.At("adapter_config.json"), """{"r":2,"lora_alpha":4}""");
        using var before = Checkpoint.Open(_folder.At("unet"));
        var expected = before.Read(layer + ".weight") + up.matmul(down) * 2 * 0.5;

        foreach (var (number, lora) in new[] { _other.At("kohya.safetensors"), "unet=" + _other.At("adapter_model.safetensors") }.Index())
        {
            var target = _other.At($"merged-{number}");
            (await RunAsync("models", "convert", _folder.Path, target, "--lora", lora, "--lora-strength", "0.5")).ShouldBe(ExitCode.Done, _error.ToString());
            using var after = Checkpoint.Open(Path.Combine(target, "unet"));
            (after.Read(layer + ".weight") - expected).abs().max().item<float>().ShouldBeLessThan(1e-6f);
            after.Read("conv_in.weight").equal(before.Read("conv_in.weight")).all().item<bool>().ShouldBeTrue();
        }

        (await RunAsync("models", "convert", _folder.Path, _other.At("none"), "--lora", "vea=" + _other.At("adapter_model.safetensors"))).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("belongs to none of the networks unet, vae, text_encoder");
        File.Exists(Path.Combine(_other.At("none"), "card.json")).ShouldBeFalse();
        (await RunAsync("models", "convert", _folder.Path, _other.At("pickle"), "--lora", "a.ckpt")).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("named as a pickle file");
    }

    [Theory]
    [InlineData("--shard-size", "0")]
    [InlineData("--dtype", "int8")]
    public async Task Conversion_refuses_options_that_make_no_sense(string option, string value)
    {
        (await RunAsync("models", "convert", _folder.Path, _other.At("x"), option, value)).ShouldNotBe(ExitCode.Done);
        Directory.Exists(_other.At("x")).ShouldBeFalse();
    }

    private Task<int> RunAsync(params string[] arguments) =>
        FlexEditCommand.RunAsync(arguments, Terminal.To(_output, _error), TestContext.Current.CancellationToken);
}
