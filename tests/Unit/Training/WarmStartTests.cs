using System.Runtime.CompilerServices;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Tests.Unit.Checkpoints;
using FlexEdit.Tests.Unit.World;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Loop;
using FlexEdit.Training.Understanding;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Training;

/// <summary>Both halves are trained for a step from the shipped model, in a world of other words and names.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class WarmStartTests(TinyWorld world) : IClassFixture<TinyWorld>, IDisposable
{
    private static readonly string s_model = Path.GetFullPath(Path.Combine(Here(), "../../../models/weights/flexedit-tiny"));
    private readonly string folder = Directory.CreateTempSubdirectory("flexedit-warm-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_painting_half_goes_on_where_the_model_is()
    {
        new TrainEditor(new TrainEditor.Settings { Loop = Step(TrainEditor.Settings.In(folder)), From = s_model }, world.Catalog).Run();
        using var before = ModelFolder.Open(s_model).LoadEditorNetworks();
        using var after = new EditorNetworks(before.Config);
        Load(after, "editor.average.safetensors");
        Difference(before, after).ShouldBeLessThan(0.01);
        File.Exists(Path.Combine(folder, "training.html")).ShouldBeTrue();
        Directory.GetFiles(folder, "editor-*.png").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("without-ca")]
    [InlineData("instructpix2pix-like")]
    public void Another_method_begins_with_nothing_but_the_autoencoder_that_the_reading_half_was_trained_to(string method)
    {
        new TrainEditor(
            new TrainEditor.Settings { Loop = Step(TrainEditor.Settings.In(folder)), Config = EditorVariants.Of(method), Beside = s_model }, world.Catalog).Run();
        using var before = ModelFolder.Open(s_model).LoadEditorNetworks();
        using var after = new EditorNetworks(EditorVariants.Of(method));
        Load(after, "editor.average.safetensors");
        Difference(before.Autoencoder, after.Autoencoder).ShouldBe(0);
        Difference(before.ImageEncoder, after.ImageEncoder).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void The_reading_half_goes_on_word_by_word()
    {
        new TrainUnderstanding(new TrainUnderstanding.Settings { Loop = Step(TrainUnderstanding.Settings.In(folder)), From = s_model, NamesShare = 0 }, world.Catalog).Run();
        using var before = ModelFolder.Open(s_model).LoadUnderstandingNetworks();
        var (old, now) = (WordTokenizer.Open(Path.Combine(s_model, ModelFolder.Names.Tokenizer)), WordTokenizer.Open(Path.Combine(folder, "tokenizer.json")));
        now.VocabularySize.ShouldBeLessThan(old.VocabularySize);
        using var after = new UnderstandingNetworks(TinyUnderstanding.Config(now));
        Load(after, "understanding.average.safetensors");
        foreach (var word in (string[])["apple", "mask", "replace"])
        {
            using var scope = NewDisposeScope();
            Tensor Row(UnderstandingNetworks networks, WordTokenizer words) =>
                networks.Vllm.state_dict().Single(w => w.Key.EndsWith("embed_tokens.weight", StringComparison.Ordinal)).Value[words.Encode(word).Single()].to(float32);
            (Row(before, old) - Row(after, now)).abs().max().item<float>().ShouldBeLessThan(0.01f, word);
        }
        Difference(before.QFormer, after.QFormer).ShouldBeLessThan(0.05);
    }

    private static LoopSettings Step(LoopSettings settings) => settings with { Steps = 1, Batch = 4, Rate = 1e-6, WarmUp = 1, LogEvery = 1, CheckpointMinutes = 0, Threads = 1 };

    private void Load(nn.Module network, string file)
    {
        using var weights = SafetensorsFile.Open(Path.Combine(folder, file));
        StateDict.Load(network, weights);
    }

    private static double Difference(nn.Module one, nn.Module other)
    {
        using var scope = NewDisposeScope();
        var weights = other.state_dict();
        return one.state_dict().Max(w => (w.Value.to(float32) - weights[w.Key].to(float32)).abs().max().item<float>());
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
