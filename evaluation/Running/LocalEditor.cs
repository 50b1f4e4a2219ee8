using System.Text.Json;
using FlexEdit.Compositing;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Crops;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;

namespace FlexEdit.Evaluation.Running;

/// <summary>A model folder in this process (<c>--via inprocess</c>): the same crop, networks, defaults and compositing as the services.</summary>
public sealed class LocalEditor : IPictureEditor
{
    private readonly ModelCard _card;
    private readonly IUnderstandingModel _reader;
    private readonly IEditModel _painter;

    private LocalEditor(ModelCard card, IUnderstandingModel reader, IEditModel painter) => (_card, _reader, _painter) = (card, reader, painter);

    /// <inheritdoc/>
    public string Name => _card.Id;

    /// <inheritdoc/>
    public bool Trivial => false;

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="Models.Checkpoints.CheckpointException">It is none, or does not fit.</exception>
    public static LocalEditor Open(string folder)
    {
        var path = Path.Combine(folder, "card.json");
        if (!File.Exists(path))
            throw new IOException($"{folder} is no model folder: it has no card.json.");
        var card = JsonSerializer.Deserialize<ModelCard>(File.ReadAllText(path), ContractJson.Options) ?? throw new JsonException($"{path} is empty.");
        return new LocalEditor(card, EditMethods.LoadUnderstanding(folder), EditMethods.LoadEditModel(folder));
    }

    /// <inheritdoc/>
    public Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken)
    {
        var scene = pictures.Scene.ToRgba();
        var crop = EditCrop.Around(mask.Bounds, scene.Width, scene.Height, _card.CropFactor);
        var side = _reader.Resolution;
        var (subject, subjectAlpha) = pictures.Subject is null ? (null, null) : ModelPictures.Subject(pictures.Subject, side);
        var understood = _reader.Understand(new UnderstandingRequest
        {
            Scene = ModelPictures.Scene(scene, crop, side),
            Mask = ModelPictures.Mask(mask, crop, side),
            Subject = subject,
            Instruction = read.Instruction,
        });
        cancellationToken.ThrowIfCancellationRequested();
        var full = understood.FullMask is null ? null : FullMask.InScene(understood.FullMask, side, crop, scene.Frame);
        var painted = Paint(read, scene, crop, mask, subject, subjectAlpha, full, understood);
        var detail = new SourceDetail(
            scene, crop, painted.Subject?.Collage ?? ModelPictures.Scene(scene, crop, _painter.Resolution), painted.Picture, _painter.Resolution,
            painted.Subject is null || pictures.Subject is null ? null : SubjectLayer.Of(pictures.Subject, painted.Subject, crop, _painter.Resolution));
        var composited = Compositor.Preserve(scene, crop, painted.Picture, painted.EditedRegion, _painter.Resolution, detail);
        return Task.FromResult(new EditOutcome((RgbImage)composited.ToRaster(withAlpha: false), Reading(understood, full)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _painter.Dispose();
    }

    private GeneratedCrop Paint(
        EvaluationCase read, RgbaImage scene, Box crop, Mask mask, byte[]? subject, byte[]? subjectAlpha, GrayImage? full, Models.Editing.Understanding understood)
    {
        var side = _painter.Resolution;
        using var flight = _painter.Begin(new GenerationRequest
        {
            Scene = ModelPictures.Scene(scene, crop, side),
            Mask = ModelPictures.Mask(mask, crop, side),
            FullMask = full is null ? null : PictureResize.To(full.Crop(crop), side, side).Pixels,
            Subject = subject,
            SubjectAlpha = subjectAlpha,
            Embedding = understood.Embedding,
            EmbeddingShape = understood.EmbeddingShape,
            Seed = read.Seed,
            Steps = _card.Defaults.Steps,
            GuidanceScale = _card.Defaults.GuidanceScale,
            ImageGuidanceScale = _card.Defaults.ImageGuidanceScale,
            SubjectScale = subject is null ? 0 : _card.Defaults.SubjectScale,
        });
        while (flight.Step < flight.Steps)
            _painter.Step([flight]);
        return _painter.Finish(flight);
    }

    private static EditReading? Reading(Models.Editing.Understanding understood, GrayImage? full) =>
        understood.Candidates is not [var best, ..] ? null : new EditReading
        {
            Label = best.Label,
            Confidence = best.Probability,
            Ambiguous = understood.Candidates.Count > 1 && understood.Candidates[1].Probability >= best.Probability / 2,
            FullMask = full is null ? null : Mask.FromSamples(full.Pixels, full.Width, full.Height),
        };
}
