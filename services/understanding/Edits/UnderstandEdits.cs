using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Models;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Crops;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Screening;
using FlexEdit.Understanding.Engine;
using FlexEdit.Understanding.Telemetry;

namespace FlexEdit.Understanding.Edits;

/// <summary>The work of the stage: (1) fetch the pictures and screen them, (2) cut what the model reads, (3) let it read, (4) store, (5) answer.</summary>
internal sealed class UnderstandEdits(
    IObjectStore objects, ContentScreen screen, ModelEngines<UnderstandingEngine> engines, ModelCatalog models, UnderstandingMemory memory)
{
    /// <summary>Returns when the model is loaded, or at once where there is no such model.</summary>
    public Task WaitForModelAsync(string model, CancellationToken cancellationToken) =>
        engines.Find(model)?.Ready.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Understands one edit.</summary>
    public async Task<FinishAttempt> RunAsync(RunningAttempt attempt)
    {
        var grant = attempt.Grant;
        var engine = engines.Find(grant.Model) ?? throw new AttemptException(AttemptErrors.NoModel(grant.Model));
        var card = models.CardOf(grant.Model);

        // 1.
        var pictures = await FetchAsync(grant.Inputs, card, attempt.Stopping);
        await ScreenAsync(grant.Attempt.EditId, pictures, attempt.Stopping);

        // 2.
        var request = new UnderstandingRequest
        {
            Scene = ModelPictures.Scene(pictures.Scene, pictures.Crop, engine.Resolution),
            Mask = ModelPictures.Mask(pictures.Mask, pictures.Crop, engine.Resolution),
            Subject = pictures.Subject is null ? null : ModelPictures.Subject(pictures.Subject, engine.Resolution).Rgb,
            Instruction = grant.Instruction,
            Label = grant.Label,
        };

        // 3.
        var key = UnderstandingMemory.KeyOf(IdentityOf(card), request);
        if (memory.Find(key) is not { } understood)
        {
            (understood, var modelMs) = await engine.UnderstandAsync(request, attempt.Stopping);
            attempt.Count(steps: 0, modelMs);
            memory.Keep(key, understood);
        }
        else
        {
            UnderstandingMetrics.Remembered(grant.Model);
        }

        // 4.
        var result = await StoreAsync(attempt, understood, pictures, engine.Resolution);

        // 5.
        var finished = new UnderstandingFinished { Attempt = grant.Attempt, Result = result, ModelMs = attempt.ModelMs };
        return (ledger, token) => ledger.FinishUnderstandingAsync(finished, token);
    }

    private async Task<EditPictures> FetchAsync(EditInputs inputs, ModelCard card, CancellationToken stopping)
    {
        var scene = await objects.ReadInputAsync(inputs.Scene.UprightKey, "scene", stopping);
        var mask = await objects.ReadInputAsync(inputs.Mask.UprightKey, "mask", stopping);
        var subject = inputs.Subject is null ? null : await objects.ReadInputAsync(inputs.Subject.UprightKey, "subject", stopping);
        try
        {
            return EditPictures.Decode(scene, mask, subject, card.CropFactor);
        }
        catch (PictureException problem)
        {
            throw new AttemptException(AttemptErrors.InputUnreadable("picture"), problem);
        }
    }

    // The scene's crop too: in a large picture it is a few pixels to the classifier, and all that the model sees.
    private async Task ScreenAsync(string edit, EditPictures pictures, CancellationToken stopping)
    {
        if (!screen.ScreensInputs)
            return;
        await screen.CheckInputAsync(edit, "scene", pictures.Scene, stopping);
        if (pictures.Crop != pictures.Scene.Frame)
            await screen.CheckInputAsync(edit, "scene", pictures.Scene.Crop(pictures.Crop), stopping);
        if (pictures.Subject is { } subject)
            await screen.CheckInputAsync(edit, "subject", subject, stopping);
    }

    private async Task<UnderstandingResult> StoreAsync(RunningAttempt attempt, Models.Editing.Understanding understood, EditPictures pictures, int side)
    {
        if (understood.Candidates is not [var best, ..])
            throw new InvalidOperationException("The model named no label.");
        var embeddingKey = attempt.ObjectKey("embedding.safetensors");
        await objects.PutAsync(embeddingKey, EmbeddingFile.Write(understood.Embedding, understood.EmbeddingShape), "application/octet-stream", attempt.Stopping);
        string? maskKey = null;
        if (understood.FullMask is { } mask)
        {
            maskKey = attempt.ObjectKey("full-mask.png");
            await objects.PutAsync(maskKey, PictureEncoder.Png(FullMask.InScene(mask, side, pictures.Crop, pictures.Scene.Frame)), "image/png", attempt.Stopping);
        }
        // The client's word stands, whatever the model thinks of it.
        var given = attempt.Grant.Label;
        return new UnderstandingResult
        {
            Answer = understood.Answer,
            Label = given ?? best.Label,
            Confidence = given is null ? best.Probability : understood.Candidates.FirstOrDefault(c => c.Label.Equals(given, StringComparison.OrdinalIgnoreCase)).Probability,
            Ambiguous = given is null && understood.Candidates.Count > 1 && understood.Candidates[1].Probability >= best.Probability / 2,
            Candidates = [.. understood.Candidates.Select(c => new LabelCandidate { Label = c.Label, Confidence = c.Probability })],
            EmbeddingKey = embeddingKey,
            FullMaskKey = maskKey,
        };
    }

    private static string IdentityOf(ModelCard card) =>
        string.Join('\n', card.Digests.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value}").Prepend(card.Id));
}
