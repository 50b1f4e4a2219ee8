using FlexEdit.Models.Editing;
using FlexEdit.Training.Loop;
using FlexEdit.Training.Reports;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>Figures and sample sheets of the painting half. The figure to watch is the error in the edited cells divided by that of leaving the scene alone.</summary>
internal sealed class EditorReport(WorldCatalog catalog, LoopSettings settings, LossLog log)
{
    private readonly Dictionary<EditOperation, (double Error, double Copy)> regions = [];
    private readonly EditSample[] heldOut = [.. Enumerable.Range(0, 28).Select(i => new EditRenderer(
        catalog, TinyEditor.Side, 9, new Dictionary<EditOperation, double> { [(EditOperation)(i % 7)] = 1 }, heldOut: true).Render(i))];

    public void Add(EditorBatch batch, float[] time, float[] errors)
    {
        for (var i = 0; i < time.Length; i++)
        {
            if (time[i] < 1 || errors[2 * i] < 0)
                continue;
            var operation = batch.Samples[i].Operation;
            var (error, copy) = regions.GetValueOrDefault(operation);
            regions[operation] = ((error * 0.97) + errors[2 * i], (copy * 0.97) + errors[(2 * i) + 1]);
        }
        foreach (var (operation, (error, copy)) in regions)
            log.Add(EditSentences.NameOf(operation), error / copy);
    }

    /// <summary>Held-out examples: scene with mask, subject, result in one step, result in four, truth.</summary>
    public void Sheet(EditorNetworks networks, EditTeacher teacher, long batch)
    {
        using var scope = NewDisposeScope();
        var made = new EditorBatch(heldOut, catalog.Vocabulary, _ => false, _ => false);
        var data = made.ToTensors();
        var scene = networks.Autoencoder.Encode(data.Scene);
        var embedding = teacher.Forward(data.Ids);
        var conditions = new EditConditions
        {
            Scene = scene,
            Collage = ((networks.Autoencoder.Encode(data.Collage) - scene) * data.HasCollage) + (networks.Imagined(embedding, data.Marks, scene) * (1 - data.HasSubject.view(-1, 1, 1, 1))),
            Marks = data.Marks,
            KeepScene = ones(heldOut.Length, 1, 1, 1),
        };
        using var cache = networks.Prepare(embedding, networks.Features(data.Scene), networks.Features(data.Subject), data.HasSubject);
        var noise = randn(scene.shape, generator: new Generator(5));
        var once = networks.Autoencoder.Decode(networks.Predict(noise, ones(heldOut.Length), conditions, cache));
        var sample = noise;
        for (var step = 4; step > 0; step--)
        {
            var t = step / 4f;
            var clean = networks.Predict(sample, full(heldOut.Length, t), conditions, cache);
            sample += (clean - sample) / t * 0.25f;
        }
        var four = networks.Autoencoder.Decode(sample);
        var sheet = new PictureSheet(TinyEditor.Side, 10);
        for (var i = 0; i < heldOut.Length; i++)
        {
            sheet.Add(MaskOverlay.Draw(heldOut[i].Scene, heldOut[i].Mask));
            sheet.Add(heldOut[i].Subject ?? heldOut[i].Scene);
            sheet.Add(CropTensors.ToRgb(once[i]));
            sheet.Add(CropTensors.ToRgb(four[i]));
            sheet.Add(heldOut[i].Target);
        }
        sheet.Write(Path.Combine(settings.Folder, $"editor-{batch:D6}.png"));
    }
}
