using System.Runtime.CompilerServices;
using System.Text.Json;
using FlexEdit.Masks;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Tests.Unit.Checkpoints;
using FlexEdit.Tests.Unit.World;
using FlexEdit.Training.Data;
using FlexEdit.Training.Joint;
using FlexEdit.Training.Loop;
using FlexEdit.Training.World;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Training;

/// <summary>The joint stage on the shipped model: edits with and without a subject, an edit whose label nobody knows, and a question.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class JointTests(TinyWorld world) : IClassFixture<TinyWorld>, IDisposable
{
    private const int Side = 128;
    private static readonly string s_model = Path.GetFullPath(Path.Combine(Here(), "../../../models/weights/flexedit-tiny"));
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-joint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_trained_changes_what_is_frozen_does_not_and_a_run_goes_on_to_the_last_digit()
    {
        using var sets = new PublishedLayouts();
        var parts = DataSetOption.Open([$"world:{world.Folder}@3", $"magicbrush:{sets.MagicBrush()}", $"llava:{sets.Llava()},{sets.PathOf("llava/train2017")}"], Side, TrainingMarks.Both, seed: 1);
        Train("whole", parts, steps: 2);
        Figures("whole").SelectMany(f => f.EnumerateObject().Select(p => p.Name)).ShouldBeSubsetOf(["loss", "norm", "lm", "talk", "mask", "diffusion"]);

        using var before = ModelFolder.Open(s_model).LoadUnderstandingNetworks();
        using var after = new UnderstandingNetworks(before.Config);
        using (var file = SafetensorsFile.Open(Path.Combine(_folder, "whole/understanding.average.safetensors")))
            StateDict.Load(after, file);
        var (old, trained) = (before.state_dict(), after.state_dict());
        // Frozen weights went through bf16, in which the networks compute.
        double Change(string name) => (trained[name] - old[name].to(TorchSharp.torch.ScalarType.BFloat16)).abs().max().item<float>();
        var query = old.Keys.First(k => k.EndsWith("self_attn.q_proj.weight", StringComparison.Ordinal) && k.Contains("language_model", StringComparison.Ordinal));
        Change(query).ShouldBeGreaterThan(0);
        Change(query.Replace("q_proj", "k_proj", StringComparison.Ordinal)).ShouldBe(0);
        Change(old.Keys.First(k => k.Contains("vision_tower", StringComparison.Ordinal) && k.EndsWith("q_proj.weight", StringComparison.Ordinal))).ShouldBe(0);
        Change(old.Keys.First(k => k.StartsWith("qformer.", StringComparison.Ordinal) && k.EndsWith(".weight", StringComparison.Ordinal))).ShouldBeGreaterThan(0);
        File.ReadAllText(Path.Combine(_folder, "whole/lora/adapter_config.json")).ShouldContain("\"r\":8");

        Train("cut", parts, steps: 2, stopAfter: 1);
        Train("cut", parts, steps: 2, resume: true);
        Figures("cut").Select(f => f.GetRawText()).ShouldBe(Figures("whole").Select(f => f.GetRawText()));
    }

    private void Train(string name, IReadOnlyList<(ILearningSource, double)> parts, long steps, long? stopAfter = null, bool resume = false)
    {
        var loop = TrainJoint.Settings.In(Path.Combine(_folder, name)) with { Steps = steps, Batch = 4, Accumulate = 1, WarmUp = 1, Rate = 1e-2, LogEvery = 1, CheckpointMinutes = 0, Resume = resume };
        var mix = new DataMix(parts, seed: 3);
        if (stopAfter is { } last)
        {
            // Ended by its data, as a process would be by a signal: between two checkpoints.
            mix = new DataMix([.. parts.Select(p => ((ILearningSource)new Ending(p.Item1, 4 * (int)last), p.Item2))], seed: 3);
            Should.Throw<InvalidOperationException>(() => new TrainJoint(new TrainJoint.Settings { Loop = loop, From = s_model }, mix).Run());
            return;
        }
        new TrainJoint(new TrainJoint.Settings { Loop = loop, From = s_model }, mix).Run();
    }

    private JsonElement[] Figures(string name) =>
        [.. File.ReadLines(LossLog.PathOf(Path.Combine(_folder, name), "joint")).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("figures"))];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed class Ending(ILearningSource source, int most) : ILearningSource
    {
        private static int s_made;

        public string Name => source.Name;

        public int Count => source.Count;

        public LearningExample Make(int index, SeededRandom random) =>
            Interlocked.Increment(ref s_made) > most ? throw new IOException("the process ends here") : source.Make(index, random);
    }
}
