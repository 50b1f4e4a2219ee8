using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

public sealed class ShardedCheckpointTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_back_the_shards_that_were_written_by_index_and_by_folder()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 5).ToDictionary(i => $"layer.{i}", i => full([3, 4], (float)i));
        tensors["large"] = ones(100);

        var names = SafetensorsWriter.WriteSharded(_folder.Path, "model", tensors.Select(t => TensorToWrite.Of(t.Key, t.Value)), 130);

        names.ShouldBe(["model-00001-of-00004.safetensors", "model-00002-of-00004.safetensors", "model-00003-of-00004.safetensors", "model-00004-of-00004.safetensors", "model.safetensors.index.json"]);
        foreach (var path in new[] { _folder.Path, _folder.At("model.safetensors.index.json") })
        {
            using var sharded = Checkpoint.Open(path);
            sharded.Tensors.Keys.ShouldBe(tensors.Keys, ignoreOrder: true);
            foreach (var (name, value) in tensors)
                sharded.Read(name).equal(value).all().item<bool>().ShouldBeTrue();
            Should.Throw<KeyNotFoundException>(() => sharded.Read("layer.9")).Message.ShouldContain("'layer.9'");
        }
    }

    [Fact]
    public void Writes_one_file_without_an_index_where_it_is_enough()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.WriteSharded(_folder.Path, "model", [TensorToWrite.Of("a", ones(3))], 1000).ShouldBe(["model.safetensors"]);
        using var file = Checkpoint.Open(_folder.Path);
        file.Tensors.Keys.ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("../a.safetensors")]
    [InlineData("/etc/a.safetensors")]
    [InlineData("sub/a.safetensors")]
    [InlineData("..\\\\a.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\u0000.safetensors")]
    public void Refuses_a_shard_outside_the_folder(string name)
    {
        Index($$$"""{"weight_map":{"a":"{{{name}}}"}}""");
        Refusal().ShouldContain("which is not a plain file name in the index's folder");
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"a.bin"}}""", "which is not a .safetensors file")]
    [InlineData("""{"weight_map":{"a":7}}""", "gives no file name for 'a'")]
    [InlineData("""{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}""", "has 'a' twice")]
    [InlineData("""{"weight_map":{}}""", "'weight_map' is empty")]
    [InlineData("""{"weights":{}}""", "no 'weight_map' object")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[""", "cannot be read")]
    [InlineData("", "cannot be read")]
    public void Refuses_a_malformed_index(string json, string reason)
    {
        Index(json);
        Refusal().ShouldContain(reason);
    }

    [Fact]
    public void Names_every_missing_shard()
    {
        Index("""{"weight_map":{"a":"a.safetensors","b":"b.safetensors"}}""");
        Refusal().ShouldContain("names 2 files that are missing: a.safetensors, b.safetensors.");
    }

    [Fact]
    public void Names_every_disagreement_between_index_and_files()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1), ["both"] = ones(1) });
        SafetensorsWriter.Write(_folder.At("b.safetensors"), new Dictionary<string, Tensor> { ["extra"] = ones(1), ["both"] = ones(1) });
        Index("""{"weight_map":{"a":"a.safetensors","b":"b.safetensors","both":"a.safetensors"}}""");
        var refusal = Refusal();
        refusal.ShouldContain("'b' is not in b.safetensors");
        refusal.ShouldContain("'extra' of b.safetensors is not in the index");
        refusal.ShouldContain("'both' is in b.safetensors and in a.safetensors");
    }

    [Fact]
    public void Refuses_a_folder_without_or_with_unclear_weights()
    {
        using var scope = NewDisposeScope();
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message.ShouldContain("holds no safetensors file");
        _folder.Save([1], "pytorch_model.bin");
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message.ShouldContain("named as a pickle file");
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1) });
        SafetensorsWriter.Write(_folder.At("b.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1) });
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message.ShouldContain("holds several checkpoints: a.safetensors, b.safetensors");
        Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder.At("c.safetensors"))).Message.ShouldContain("is missing");
    }

    [Fact]
    public void Compares_digests_before_believing_anything()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1) });
        var digest = ModelFolder.DigestOf(_folder.At("a.safetensors"));
        using (var file = Checkpoint.Open(_folder.At("a.safetensors"), new Dictionary<string, string> { ["a.safetensors"] = digest.ToUpperInvariant() }))
            file.Read("a").item<float>().ShouldBe(1);

        var bytes = File.ReadAllBytes(_folder.At("a.safetensors"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder.At("a.safetensors"), bytes);
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(_folder.At("a.safetensors"), digest)).Message.ShouldContain($"but {digest} was expected");
    }

    private void Index(string json) => File.WriteAllText(_folder.At("model.safetensors.index.json"), json);

    private string Refusal() => Should.Throw<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message;
}
