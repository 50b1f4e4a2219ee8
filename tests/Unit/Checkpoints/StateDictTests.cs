using FlexEdit.Models.Checkpoints;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

public sealed class StateDictTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-statedict-").FullName;

    private string Target => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Loads_what_was_saved_converting_to_the_networks_type()
    {
        using var scope = NewDisposeScope();
        using var saved = nn.Linear(3, 4);
        using var loaded = nn.Linear(3, 4);
        loaded.to(ScalarType.BFloat16);
        StateDict.Save(saved, Target);
        using var file = SafetensorsFile.Open(Target);

        StateDict.Load(loaded, file);

        loaded.weight!.dtype.ShouldBe(ScalarType.BFloat16);
        loaded.weight!.equal(saved.weight!.to(ScalarType.BFloat16)).all().item<bool>().ShouldBeTrue();
        loaded.weight!.requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void Reads_only_what_is_under_the_prefix_and_not_renamed_away()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(3, 4);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor>
        {
            ["text.weight"] = ones(9),
            ["unet.kernel"] = ones(4, 3, 1, 1),
            ["unet.bias"] = zeros(4),
            ["unet.position_ids"] = arange(4),
        });
        using var file = SafetensorsFile.Open(Target);

        StateDict.Load(network, file, "unet.", name => name switch { "kernel" => "weight", "position_ids" => null, _ => name });

        network.weight!.sum().item<float>().ShouldBe(12);
        network.bias!.sum().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Reports_every_tensor_that_does_not_fit_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("first", nn.Linear(3, 4)), ("second", nn.Linear(4, 5)));
        var before = network.state_dict()["second.bias"].clone();
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor>
        {
            ["first.weight"] = ones(3, 4),
            ["second.bias"] = ones(5),
            ["third.weight"] = ones(1),
            ["second_bias"] = ones(5),
        });
        using var file = SafetensorsFile.Open(Target);

        var message = Should.Throw<CheckpointException>(() => StateDict.Load(network, file, rename: name => name.Replace('_', '.'))).Message;

        message.ShouldContain("Missing (2): first.bias, second.weight.");
        message.ShouldContain("Unexpected (1): third.weight.");
        message.ShouldContain("Named twice (1): second.bias");
        message.ShouldContain("Wrongly shaped (1): first.weight (file [3, 4], network [4, 3]).");
        network.state_dict()["second.bias"].equal(before).all().item<bool>().ShouldBeTrue();
    }
}
