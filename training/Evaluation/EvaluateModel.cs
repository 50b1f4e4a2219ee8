using System.Text.Json.Nodes;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Natives;
using FlexEdit.Training.Reports;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Evaluation;

/// <summary>
/// Measures a packed model on held-out photographs, through the interfaces that the services call: the label and the whole mask that it reads from a
/// free-shape mask, how well its confidence is calibrated, and how near each operation comes to what it should give.
/// </summary>
/// <param name="model">The model folder.</param>
/// <param name="catalog">The world.</param>
/// <param name="sheet">Where the sheet of edits goes; null for none.</param>
public sealed class EvaluateModel(string model, WorldCatalog catalog, string? sheet)
{
    // Says nothing of what stands under the mask.
    private const string Question = "Remove this.";
    private const int Side = 128;

    /// <summary>Edits on the sheet, as many of each operation as of every other, to the remainder.</summary>
    private const int SheetEdits = 64;

    /// <summary>Measures.</summary>
    /// <param name="objects">Marked objects that are read.</param>
    /// <param name="edits">Edits of each operation.</param>
    /// <param name="steps">Sampling steps of an edit.</param>
    /// <param name="write">Whether the figures go into the model's card.</param>
    public void Run(int objects, int edits, int steps, bool write)
    {
        TorchNatives.UseThreads();
        var folder = ModelFolder.Open(model);
        using var reader = folder.LoadUnderstanding();
        using var editor = folder.LoadEditModel();
        var quality = Read(reader, objects, TrainingMarks.Uniform);
        // The benchmark's masks, and the random walk, on other objects and photographs than its own.
        foreach (var (key, value) in Read(reader, objects, TrainingMarks.Fitted).Where(q => q.Key is "label_top1" or "full_mask_iou"))
            quality[key + "_drawn_masks"] = value!.DeepClone();
        quality["objects_read"] = objects;
        quality["edits_of_each_operation"] = edits;
        Edit(reader, editor, edits, steps, quality);
        Console.WriteLine(quality.ToJsonString(EditorConfig.Json));
        if (write)
            WriteCard(quality);
    }

    private JsonObject Read(IUnderstandingModel reader, int objects, TrainingMarks marks)
    {
        var renderer = new EditRenderer(catalog, Side, 555, new Dictionary<EditOperation, double> { [EditOperation.Remove] = 1 }, heldOut: true, marks);
        var labels = new LabelCalibration();
        var overlap = 0.0;
        for (var i = 0; i < objects; i++)
        {
            var sample = renderer.Render(i);
            var read = reader.Understand(new UnderstandingRequest { Scene = sample.Scene, Mask = sample.Mask, Instruction = Question });
            labels.Add(read.Candidates, sample.Label);
            overlap += Overlap(read.FullMask!, sample.FullMask);
        }
        Console.WriteLine($"confidences are best divided by a temperature of {labels.BestTemperature():F2}");
        return new JsonObject
        {
            ["names"] = catalog.Vocabulary.Names.Count,
            ["label_top1"] = Math.Round(labels.Top1, 3),
            ["label_top5"] = Math.Round(labels.Top5, 3),
            ["expected_calibration_error"] = Math.Round(labels.ExpectedError, 3),
            ["full_mask_iou"] = Math.Round(overlap / objects, 3),
        };
    }

    // Squared error in the pixels that the edit should change, divided by that of leaving the scene alone; a mean over edits.
    private void Edit(IUnderstandingModel reader, FlexEditModel editor, int edits, int steps, JsonObject quality)
    {
        var pictures = new PictureSheet(Side, 12);
        var operations = Enum.GetValues<EditOperation>();
        foreach (var (number, operation) in operations.Index())
        {
            var shown = (SheetEdits / operations.Length) + (number < SheetEdits % operations.Length ? 1 : 0);
            var renderer = new EditRenderer(catalog, Side, 777, new Dictionary<EditOperation, double> { [operation] = 1 }, heldOut: true);
            double error = 0, copy = 0;
            for (var i = 0; i < edits; i++)
            {
                var sample = renderer.Render(i);
                var painted = Paint(reader, editor, sample, (uint)i, steps);
                for (var at = 0; at < painted.Length; at++)
                {
                    if (sample.Scene[at] == sample.Target[at])
                        continue;
                    error += Math.Pow(painted[at] - sample.Target[at], 2);
                    copy += Math.Pow(sample.Scene[at] - sample.Target[at], 2);
                }
                if (i >= shown)
                    continue;
                pictures.Add(MaskOverlay.Draw(sample.Scene, sample.Mask));
                pictures.Add(sample.Subject ?? sample.Scene);
                pictures.Add(painted);
                pictures.Add(sample.Target);
            }
            quality["edited_region_error_" + EditSentences.NameOf(operation)] = Math.Round(error / copy, 3);
        }
        if (sheet is not null)
            pictures.Write(sheet);
    }

    private static byte[] Paint(IUnderstandingModel reader, FlexEditModel editor, EditSample sample, uint seed, int steps)
    {
        var read = reader.Understand(new UnderstandingRequest { Scene = sample.Scene, Mask = sample.Mask, Subject = sample.Subject, Instruction = sample.Instruction });
        using var flight = editor.Begin(new GenerationRequest
        {
            Scene = sample.Scene,
            Mask = sample.Mask,
            FullMask = read.FullMask,
            Subject = sample.Subject,
            SubjectAlpha = sample.SubjectAlpha,
            Embedding = read.Embedding,
            EmbeddingShape = read.EmbeddingShape,
            Seed = seed,
            Steps = steps,
            GuidanceScale = 1,
            ImageGuidanceScale = 1,
            SubjectScale = sample.Subject is null ? 0 : 1,
        });
        while (flight.Step < flight.Steps)
            editor.Step([flight]);
        return editor.Finish(flight).Picture;
    }

    private static double Overlap(byte[] predicted, byte[] truth)
    {
        int both = 0, either = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var (p, t) = (predicted[i] >= 128, truth[i] >= 128);
            both += p && t ? 1 : 0;
            either += p || t ? 1 : 0;
        }
        return both / (double)Math.Max(1, either);
    }

    private void WriteCard(JsonObject quality)
    {
        var path = Path.Combine(model, "card.json");
        var card = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        card["quality"] = quality;
        File.WriteAllText(path, card.ToJsonString(EditorConfig.Json) + "\n");
    }
}
